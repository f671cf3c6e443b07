using Gatehouse.Core.Postgres;

namespace Gatehouse.Core.Actors;

/// <summary>
/// The roles that users take by registering. The module that keeps the roles answers; a role is assigned with the creation of the user, in
/// one transaction.
/// </summary>
public interface IRegistrationRoles
{
    /// <summary>The role of the whole tenant of that name, if registration for it is open; null otherwise, whatever the reason.</summary>
    Task<RegistrationRole?> FindOpenAsync(DbSession db, Guid tenantId, string name);

    /// <summary>The same by its id.</summary>
    Task<RegistrationRole?> FindOpenAsync(DbSession db, Guid tenantId, Guid roleId);

    /// <summary>The same; it stays open, and allows what it allows, until the transaction ends.</summary>
    Task<RegistrationRole?> HoldOpenAsync(Transaction tx, Guid tenantId, Guid roleId);

    /// <summary>Gives the user a role that is held, publishes and records that.</summary>
    Task AssignAsync(Transaction tx, Guid user, RegistrationRole role, Actor actor);

    /// <summary>The highest minimum age of the user's roles; null if none has one.</summary>
    Task<int?> FindMinimumAgeAsync(DbSession db, Guid tenantId, Guid userId);
}

/// <summary>A role that is open for registration, and its terms.</summary>
public sealed record RegistrationRole
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>What people read, by language.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The fields that a registration must have; see <see cref="RegistrationFields"/>.</summary>
    public required IReadOnlyList<string> RequiredFields { get; init; }

    /// <summary>In whole years; null for any.</summary>
    public required int? MinimumAge { get; init; }

    /// <summary>Whether mails lead with the link and have the code second.</summary>
    public required bool VerifiesByLink { get; init; }

    /// <summary>Whether users are signed in before they verify. It reveals whether an address has an account.</summary>
    public required bool SignsInBeforeVerification { get; init; }

    /// <summary>A line of the mail, by language.</summary>
    public required IReadOnlyDictionary<string, string> Introduction { get; init; }

    public bool Requires(string field) => RequiredFields.Contains(field, StringComparer.Ordinal);
}

/// <summary>Fields of a registration that a role may require, as the request names them.</summary>
public static class RegistrationFields
{
    public const string Email = "email";
    public const string PhoneNumber = "phoneNumber";
    public const string Username = "username";
    public const string GivenName = "givenName";
    public const string FamilyName = "familyName";
    public const string BirthDate = "birthDate";

    public static IReadOnlyList<string> All { get; } = [Email, PhoneNumber, Username, GivenName, FamilyName, BirthDate];
}
