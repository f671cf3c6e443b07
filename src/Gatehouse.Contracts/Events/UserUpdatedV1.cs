using Gatehouse.Contracts.PersonalData;

namespace Gatehouse.Contracts.Events;

/// <summary>A user's details were changed.</summary>
public sealed record UserUpdatedV1 : IEvent
{
    public static string Type => "user.updated.v1";

    public static string Topic => Topics.Users;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>What was changed, under the user's key.</summary>
    public required Encrypted<UserChangesV1> Personal { get; init; }
}

/// <summary>
/// Details by name, those alone that were changed: <c>name</c>, <c>about</c>, <c>languages</c> (BCP 47 tags with commas between them), <c>preferredLanguage</c>.
/// Empty text where there was or is nothing.
/// </summary>
/// <param name="Old">The values before.</param>
/// <param name="New">The values now; the same names.</param>
public sealed record UserChangesV1(IReadOnlyDictionary<string, string> Old, IReadOnlyDictionary<string, string> New) : IPersonalData
{
    public static string Schema => "user-changes.v1";

    /// <summary>Hides the values: a record's own text would print them.</summary>
    public override string ToString() => Schema;
}
