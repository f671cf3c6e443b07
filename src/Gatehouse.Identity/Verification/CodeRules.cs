using Gatehouse.Core.Results;

namespace Gatehouse.Identity.Verification;

/// <summary>The rules that one-time codes of every purpose share. Pure: state and time in, decision out.</summary>
internal static class CodeRules
{
    private static readonly int[] ResendWaits = [60, 120, 240];

    /// <summary>Time until the next message may be asked for, after <paramref name="sends"/> of them.</summary>
    public static TimeSpan WaitAfter(int sends) => TimeSpan.FromSeconds(ResendWaits[Math.Min(sends, ResendWaits.Length) - 1]);

    /// <summary>May another message go out? Null: yes.</summary>
    public static Error? EvaluateResend(int sends, int most, DateTimeOffset resendAt, DateTimeOffset now)
    {
        if (sends >= most) return VerificationErrors.ResendLimitReached;
        if (now < resendAt) return VerificationErrors.ResendTooSoon.After(resendAt - now);
        return null;
    }

    /// <summary>
    /// What a typed code is worth. The order matters: a used-up code rejects the right one too, and only who has the right code learns that
    /// the flow was completed before.
    /// </summary>
    /// <param name="completed">What is said of a completed flow; null while it is open.</param>
    public static CodeVerdict EvaluateCode(int attemptsRemaining, DateTimeOffset expiresAt, bool matches, Error? completed, DateTimeOffset now)
    {
        if (attemptsRemaining <= 0) return new CodeVerdict(VerificationErrors.TooManyAttempts, CostsAttempt: false);
        if (now >= expiresAt) return new CodeVerdict(VerificationErrors.CodeExpired, CostsAttempt: false);
        if (!matches) return new CodeVerdict(VerificationErrors.CodeWrong.WithFact("attemptsRemaining", attemptsRemaining - 1), CostsAttempt: true);
        return new CodeVerdict(completed, CostsAttempt: false);
    }
}

/// <param name="Rejection">Null: go on.</param>
internal sealed record CodeVerdict(Error? Rejection, bool CostsAttempt);
