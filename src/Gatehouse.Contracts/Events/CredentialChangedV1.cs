namespace Gatehouse.Contracts.Events;

/// <summary>A user's credential was changed. Sessions that were ended by the change have their own events.</summary>
public sealed record CredentialChangedV1 : IEvent
{
    public static string Type => "credential.changed.v1";

    public static string Topic => Topics.Security;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The changed credential: <c>password</c>, <c>passkey</c>.</summary>
    public required string Credential { get; init; }

    /// <summary>Reason: <c>changed</c> (by the signed-in user), <c>reset</c> (with a code or link), <c>added</c> (a second factor or a
    /// passkey), <c>removed</c> (the user removes it; of a password: an administrator forces a reset, or the change of the e-mail address
    /// was undone).</summary>
    public required string Reason { get; init; }
}
