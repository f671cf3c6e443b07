using Gatehouse.Identity.Data;
using Gatehouse.Runtime.Outcomes;

namespace Gatehouse.Identity.Accounts;

/// <summary>The rules of a pending registration. Pure: state and time in, decision out.</summary>
internal static class RegistrationRules
{
    private static readonly int[] ResendWaits = [60, 120, 240];

    /// <summary>Seconds until the next message may be asked for, after <paramref name="sends"/> of them.</summary>
    public static TimeSpan WaitAfter(int sends) => TimeSpan.FromSeconds(ResendWaits[Math.Min(sends, ResendWaits.Length) - 1]);

    /// <summary>May another message go out? Null: yes.</summary>
    public static Error? JudgeResend(Registration registration, RegistrationOptions options, DateTimeOffset now)
    {
        if (registration.Sends >= options.SendsPerRegistration) return IdentityErrors.ResendsUsedUp;
        if (now < registration.ResendAt) return IdentityErrors.ResendTooSoon.After(registration.ResendAt - now);
        return null;
    }

    /// <summary>
    /// What a typed code is worth. The order matters: a used-up code refuses the right one too, and only who has the right code learns that
    /// the registration was completed before.
    /// </summary>
    public static CodeVerdict JudgeCode(Registration registration, bool matches, DateTimeOffset now)
    {
        if (registration.TriesLeft <= 0) return new CodeVerdict(IdentityErrors.CodeExhausted, CostsTry: false);
        if (now >= registration.CodeExpiresAt) return new CodeVerdict(IdentityErrors.CodeExpired, CostsTry: false);
        if (!matches) return new CodeVerdict(IdentityErrors.CodeWrong.WithFact("triesLeft", registration.TriesLeft - 1), CostsTry: true);
        if (registration.CompletedAt is not null) return new CodeVerdict(IdentityErrors.RegistrationCompleted, CostsTry: false);
        return new CodeVerdict(Refusal: null, CostsTry: false);
    }

    /// <summary>What a link is worth. It creates the account; the chosen password comes along only when it is typed again (see ConfirmByLink).</summary>
    /// <param name="passwordMatches">Null when none was typed.</param>
    public static CodeVerdict JudgeLink(Registration registration, bool? passwordMatches)
    {
        if (registration.CompletedAt is not null) return new CodeVerdict(IdentityErrors.RegistrationCompleted, CostsTry: false);
        if (passwordMatches is null) return new CodeVerdict(Refusal: null, CostsTry: false);
        if (registration.TriesLeft <= 0) return new CodeVerdict(IdentityErrors.CodeExhausted, CostsTry: false);
        return passwordMatches.Value
            ? new CodeVerdict(Refusal: null, CostsTry: false)
            : new CodeVerdict(IdentityErrors.PasswordWrong.WithFact("triesLeft", registration.TriesLeft - 1), CostsTry: true);
    }
}

/// <param name="Refusal">Null: go on.</param>
internal sealed record CodeVerdict(Error? Refusal, bool CostsTry);
