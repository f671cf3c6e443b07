using Gatehouse.Core.Results;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Recovery;

/// <summary>The rules of a request for a new password. Pure: state and time in, decision out.</summary>
internal static class ResetRules
{
    /// <summary>May another message go out? Null: yes.</summary>
    public static Error? EvaluateResend(PasswordReset reset, ResetOptions options, DateTimeOffset now) =>
        CodeRules.EvaluateResend(reset.Sends, options.SendsPerReset, reset.ResendAt, now);

    /// <summary>What a typed code is worth.</summary>
    public static CodeVerdict EvaluateCode(PasswordReset reset, bool matches, DateTimeOffset now) =>
        CodeRules.EvaluateCode(reset.AttemptsRemaining, reset.CodeExpiresAt, matches, Completed(reset), now);

    /// <summary>What a link is worth. It cannot be guessed, so a wrong one costs nothing, and used-up attempts of the code do not affect it.</summary>
    public static CodeVerdict EvaluateLink(PasswordReset reset, bool matches) => new(matches ? Completed(reset) : VerificationErrors.LinkInvalid, CostsAttempt: false);

    private static Error? Completed(PasswordReset reset) => reset.CompletedAt is null ? null : RecoveryErrors.ResetCompleted;
}
