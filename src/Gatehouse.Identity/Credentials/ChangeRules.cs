using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Credentials;

/// <summary>When credentials may be changed. Pure: state and time in, decision out; null means yes.</summary>
internal static class ChangeRules
{
    /// <summary>How long a former address stays reserved, and the link that brings it back works.</summary>
    public static readonly TimeSpan UndoWindow = TimeSpan.FromDays(7);

    /// <summary>Who has no password, such as after a reset that an administrator forced, need not wait for one.</summary>
    public static Error? EvaluatePassword(StoredUser user, CredentialOptions options, DateTimeOffset now) =>
        user.PasswordHash is null ? null
        : user.PasswordChangedAt?.AddHours(options.HoursBetweenPasswordChanges) is { } next && next > now
            ? CredentialsErrors.PasswordChangedRecently.After(next - now)
        : null;

    public static Error? EvaluateEmail(StoredUser user, TenantSettings settings, DateTimeOffset now)
    {
        if (user.EmailChangedAt is not { } changed)
            return null;
        if (settings.DaysBetweenEmailChanges is not { } days)
            return CredentialsErrors.EmailChangeUsedUp;
        var next = changed.AddDays(days);
        return next > now ? CredentialsErrors.EmailChangedRecently.After(next - now) : null;
    }

    public static Error? EvaluatePhoneRemoval(StoredUser user, TenantSettings settings) =>
        user.Phone is null ? CredentialsErrors.NoPhoneNumber
        : user.EmailVerifiedAt is not null ? null
        : user is { Username: not null, PasswordHash: not null } && settings.SignsInByPassword ? null
        : CredentialsErrors.LastIdentifier;
}
