using Gatehouse.Core.Results;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Accounts;

/// <summary>The rules of a pending registration. Pure: state and time in, decision out.</summary>
internal static class RegistrationRules
{
    /// <summary>May another message go out? Null: yes.</summary>
    public static Error? EvaluateResend(Registration registration, RegistrationOptions options, DateTimeOffset now) =>
        CodeRules.EvaluateResend(registration.Sends, options.SendsPerRegistration, registration.ResendAt, now);

    /// <summary>What a typed code is worth; only who has the right one learns that the registration was completed before.</summary>
    public static CodeVerdict EvaluateCode(Registration registration, bool matches, DateTimeOffset now) => CodeRules.EvaluateCode(
        registration.AttemptsRemaining, registration.CodeExpiresAt, matches, registration.CompletedAt is null ? null : AccountsErrors.RegistrationCompleted, now);

    /// <summary>What a link is worth. It creates the account; the chosen password comes along only when it is typed again (see ConfirmByLink).</summary>
    /// <param name="passwordMatches">Null when none was typed.</param>
    public static CodeVerdict EvaluateLink(Registration registration, bool? passwordMatches)
    {
        if (registration.CompletedAt is not null) return new CodeVerdict(AccountsErrors.RegistrationCompleted, CostsAttempt: false);
        if (passwordMatches is null) return new CodeVerdict(Rejection: null, CostsAttempt: false);
        if (registration.AttemptsRemaining <= 0) return new CodeVerdict(VerificationErrors.TooManyAttempts, CostsAttempt: false);
        return passwordMatches.Value
            ? new CodeVerdict(Rejection: null, CostsAttempt: false)
            : new CodeVerdict(PasswordsErrors.PasswordWrong.WithFact("attemptsRemaining", registration.AttemptsRemaining - 1), CostsAttempt: true);
    }
}
