namespace Gatehouse.Identity.Sessions;

/// <summary>Why a session ended; part of the event's contract.</summary>
internal static class SessionEnd
{
    public const string SignedOut = "signed-out";
    public const string EndedByOwner = "ended-by-owner";
    public const string TooMany = "too-many";
    public const string TokenReused = "token-reused";
    public const string PasswordChanged = "password-changed";
    public const string SignInReported = "sign-in-reported";
    public const string EmailChangeUndone = "email-change-undone";
    public const string EndedByAdministrator = "ended-by-administrator";
    public const string EndedByClient = "ended-by-client";
    public const string CodeReused = "code-reused";
    public const string AccessWithdrawn = "access-withdrawn";
    public const string ClientDisabled = "client-disabled";
    public const string Lapsed = "lapsed";
    public const string Verified = "verified";
    public const string Closed = "closed";
    public const string Erased = "erased";
    public const string Disabled = "disabled";
    public const string OrganizationDeactivated = "organization-deactivated";
}
