using Gatehouse.Contracts.PersonalData;

namespace Gatehouse.Contracts.Events;

/// <summary>A user's details were changed.</summary>
public sealed record UserUpdatedV1 : IEvent
{
    public static string Type => "user.updated.v1";

    public static string Topic => Topics.Users;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The changes, encrypted with the user's key.</summary>
    public required Encrypted<UserChangesV1> Personal { get; init; }
}

/// <summary>
/// The changed details by name, such as <c>username</c>, <c>name</c>, <c>about</c>, <c>languages</c> (comma-separated BCP 47 tags),
/// <c>publicFields</c> (comma-separated), <c>preferredLanguage</c>, <c>photo</c> (<c>true</c> while there is one; named also when another
/// took its place). Empty if there was or is no value.
/// </summary>
/// <param name="Old">The previous values.</param>
/// <param name="New">The new values, with the same names.</param>
public sealed record UserChangesV1(IReadOnlyDictionary<string, string> Old, IReadOnlyDictionary<string, string> New) : IPersonalData
{
    public static string Schema => "user-changes.v1";

    /// <summary>Hides the values: a record's own text would print them.</summary>
    public override string ToString() => Schema;
}
