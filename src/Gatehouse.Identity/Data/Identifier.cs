using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Values;
using Gatehouse.Web;

namespace Gatehouse.Identity.Data;

/// <summary>
/// What a user types to say who they are: an address where it has an @, a phone number where it is one (without a plus it needs the
/// country), otherwise a username. Text that could be neither is an identifier
/// too, one that nobody has: a sign-in must not explain more than that it failed.
/// </summary>
internal sealed record Identifier
{
    private Identifier(string kind, string key) => (Kind, Key) = (kind, key);

    /// <summary><c>email</c>, <c>phone</c> or <c>username</c>.</summary>
    public string Kind { get; }

    /// <summary>The canonical form, by which it is found.</summary>
    public string Key { get; }

    /// <param name="region">The country of a number without a plus, as the user chose it; null for none.</param>
    public static Identifier? Parse(string? input, string? region, string field, ValidationErrors errors)
    {
        if (PhoneNumber.TryParse(input, region) is { } number)
            return Of(number);
        var typed = TextInput.Clean(input, field, EmailAddress.MaxLength, errors);
        if (typed is null)
            return null;
        if (typed.Contains('@', StringComparison.Ordinal))
            return new Identifier(Users.EmailKind, EmailAddress.Parse(typed, field, new ValidationErrors())?.Canonical ?? typed);
        return new Identifier(Users.UsernameKind, Username.Parse(typed, field, new ValidationErrors())?.Key ?? typed);
    }

    public static Identifier Of(IContact contact) => new(contact.Kind, contact.Canonical);

    /// <summary>One that was parsed before and kept.</summary>
    public static Identifier Of(string kind, string key) => new(kind, key);

    /// <summary>One statement, whichever kind it is and whether or not somebody has it.</summary>
    public Task<StoredUser?> FindAsync(DbSession db, Guid tenantId, BlindIndex blindIndex) =>
        db.FirstOrDefaultAsync<StoredUser>(
            Kind != Users.UsernameKind
                ? $"""
                select {StoredUser.Columns} from identity.users
                 where tenant_id = @tenantId and id = (select user_id from identity.identifiers
                                                        where tenant_id = @tenantId and kind = @Kind and index_version = @Version
                                                          and blind_index = @index and reserved_until is null)
                """
                : $"select {StoredUser.Columns} from identity.users where tenant_id = @tenantId and username_key = @Key",
            new
            {
                tenantId,
                Kind,
                BlindIndex.Version,
                index = blindIndex.Compute(tenantId, Kind, Key),
                Key,
            }
        );

    public override string ToString() => "[identifier]";
}
