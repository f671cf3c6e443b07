using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Values;

namespace Gatehouse.Identity.Data;

/// <summary>A user's row.</summary>
internal sealed class StoredUser
{
    public const string Columns = """
        tenant_id, id, version, name, given_name, family_name, username, email, email_verified_at, password_hash,
        password_changed_at, language, profile as EncryptedProfile, created_at
        """;

    public Guid TenantId { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public string Name { get; init; } = "";

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    public string? Username { get; init; }

    /// <summary>Encrypted with the user's key.</summary>
    public byte[]? Email { get; init; }

    public DateTimeOffset? EmailVerifiedAt { get; init; }

    public string? PasswordHash { get; init; }

    /// <summary>When it was last changed; null while it is the first one, or none.</summary>
    public DateTimeOffset? PasswordChangedAt { get; init; }

    public string Language { get; init; } = "";

    /// <summary>A <see cref="Profile"/>, sealed with the user's key; null while it is empty.</summary>
    public byte[]? EncryptedProfile { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public static Task<StoredUser?> FindAsync(DbSession db, Guid tenantId, Guid id) =>
        db.FirstOrDefaultAsync<StoredUser>(
            $"select {Columns} from identity.users where tenant_id = @tenantId and id = @id",
            new { tenantId, id }
        );

    /// <summary>Several users at once, each by tenant and id; who has no row is left out.</summary>
    public static Task<IReadOnlyList<StoredUser>> ListAsync(DbSession db, IReadOnlyList<(Guid Tenant, Guid Id)> people) =>
        db.ListAsync<StoredUser>(
            $"select {Columns} from unnest(@tenants, @people) as wanted (tenant, person) join identity.users on tenant_id = tenant and id = person",
            new { tenants = people.Select(p => p.Tenant).ToArray(), people = people.Select(p => p.Id).ToArray() }
        );

    public string? OpenEmail(SubjectKey key) => Email is null ? null : key.Open(Users.EmailContext, Email);

    public Profile OpenProfile(SubjectKey? key) =>
        key is null || EncryptedProfile is null ? Profile.Empty : Profile.Open(key, EncryptedProfile);

    /// <summary>What a new password of this user must not contain.</summary>
    public PasswordContext PasswordContext(string service, SubjectKey key)
    {
        var known = new ValidationErrors();
        return new PasswordContext(
            service,
            PersonName.Parse(Name, "name", known),
            Values.Username.Parse(Username, "username", known),
            EmailAddress.Parse(OpenEmail(key), "email", known)
        );
    }

    /// <param name="key">The user's key; null when it was destroyed, and with it everything that was sealed.</param>
    /// <param name="now">By which the age is told.</param>
    public UserView View(SubjectKey? key, DateTimeOffset now)
    {
        var profile = OpenProfile(key);
        return new UserView
        {
            Id = Id,
            Name = Name,
            GivenName = GivenName,
            FamilyName = FamilyName,
            Email = key is null ? null : OpenEmail(key),
            EmailVerified = EmailVerifiedAt is not null,
            Username = Username,
            HasPassword = PasswordHash is not null,
            Title = profile.Title,
            Website = profile.Website,
            Links = profile.Links,
            BirthDate = profile.BirthDate,
            Age = profile.BirthDate is { } born ? BirthDate.AgeOn(DateOnly.FromDateTime(now.UtcDateTime), born) : null,
            About = profile.About,
            Languages = profile.Languages,
            PreferredLanguage = Language,
            CreatedAt = CreatedAt,
        };
    }
}
