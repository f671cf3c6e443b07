using Gatehouse.Contracts.PersonalData;

namespace Gatehouse.Contracts.Events;

/// <summary>A user account was created: a registration was verified, or an operator or administrator created the user.</summary>
public sealed record UserRegisteredV1 : IEvent
{
    public static string Type => "user.registered.v1";

    public static string Topic => Topics.Users;

    /// <summary>The new user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>How the account was created: <c>self</c> for a registration by the user, <c>operator</c> for the command,
    /// <c>administrator</c> for a user of the tenant who may.</summary>
    public required string Origin { get; init; }

    /// <summary>BCP 47 language the user registered in, such as <c>en</c>.</summary>
    public required string Language { get; init; }

    /// <summary>The organization that the user's registration code names; absent without one.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Names of the roles that the user registered for; absent without one.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Name and identifiers, encrypted with the user's key.</summary>
    public required Encrypted<UserPersonalV1> Personal { get; init; }
}

/// <summary>A user's name and identifiers when the event was written; null if the user has none.</summary>
/// <param name="Name">The name as others read it.</param>
/// <param name="Email">The e-mail address.</param>
/// <param name="Username">The username, as the user wrote it.</param>
public sealed record UserPersonalV1(string Name, string? Email, string? Username) : IPersonalData
{
    public static string Schema => "user-personal.v1";

    /// <summary>The phone number in E.164. Absent in older events.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>Hides the values: a record's own text would print them.</summary>
    public override string ToString() => Schema;
}
