using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Passwords;

namespace Gatehouse.Identity.Verification;

/// <summary>The rules of codes and links of every purpose. Pure: state and time in, decision out.</summary>
internal static class VerificationRules
{
    private static readonly int[] ResendWaits = [60, 120, 240];

    /// <summary>Time until the next message may be asked for, after <paramref name="sends"/> of them.</summary>
    public static TimeSpan WaitAfter(int sends) => TimeSpan.FromSeconds(ResendWaits[Math.Min(sends, ResendWaits.Length) - 1]);

    /// <summary>When a verification ends whose next message goes out now.</summary>
    public static DateTimeOffset EndOf(VerificationPurpose purpose, DateTimeOffset end, DateTimeOffset now) =>
        purpose.MessagesProlong ? now + purpose.Lifetime : end;

    /// <summary>May another message go out? Null: yes.</summary>
    public static Error? EvaluateResend(VerificationPurpose purpose, PendingVerification pending, DateTimeOffset now)
    {
        if (pending.Sends >= purpose.MaxSends)
            return VerificationErrors.ResendLimitReached;
        if (now < pending.ResendAt)
            return VerificationErrors.ResendTooSoon.After(pending.ResendAt - now);
        return null;
    }

    /// <summary>What becomes of a verification before its next message: code and link of before are void, and the attempts begin
    /// again.</summary>
    public static PendingVerification Renew(VerificationPurpose purpose, PendingVerification pending, DateTimeOffset now) =>
        pending with
        {
            CodeHash = Hash<OneTimeCode>.OfNothing(),
            CodeExpiresAt = now + purpose.CodeLifetime,
            LinkHash = Hash<LinkToken>.OfNothing(),
            AttemptsRemaining = (short)purpose.Attempts,
            Sends = (short)(pending.Sends + 1),
            ResendAt = now + WaitAfter(pending.Sends + 1),
            ExpiresAt = EndOf(purpose, pending.ExpiresAt, now),
        };

    /// <summary>May a code be entered at all? Null: yes. It holds for decoys as for others, so it may be said before one is.</summary>
    public static Error? EvaluateOpening(PendingVerification pending, DateTimeOffset now)
    {
        if (pending.AttemptsRemaining <= 0)
            return VerificationErrors.TooManyAttempts;
        return now >= pending.CodeExpiresAt ? VerificationErrors.CodeExpired : null;
    }

    /// <summary>
    /// What a typed code is worth. The order matters: a used-up code rejects the right one too, and only who has the right code learns that
    /// it has done its work before.
    /// </summary>
    public static VerificationVerdict EvaluateCode(
        VerificationPurpose purpose,
        PendingVerification pending,
        Hash<OneTimeCode> codeHash,
        DateTimeOffset now
    )
    {
        if (EvaluateOpening(pending, now) is { } closed)
            return VerificationVerdict.Reject(closed);
        if (!codeHash.Matches(pending.CodeHash))
            return VerificationVerdict.Count(VerificationErrors.CodeWrong, pending);
        return Accepted(purpose, pending);
    }

    /// <summary>
    /// What a link is worth. It cannot be guessed, so a wrong one costs nothing, and used-up attempts of the code do not spoil it; a secret
    /// typed along with it can be guessed, and shares the attempts of the code.
    /// </summary>
    /// <param name="secretMatches">Null when none was typed.</param>
    public static VerificationVerdict EvaluateLink(
        VerificationPurpose purpose,
        PendingVerification pending,
        Hash<LinkToken> linkHash,
        bool? secretMatches
    )
    {
        if (!linkHash.Matches(pending.LinkHash))
            return VerificationVerdict.Reject(VerificationErrors.LinkInvalid);
        if (pending.CompletedAt is not null || secretMatches is null)
            return Accepted(purpose, pending);
        if (pending.AttemptsRemaining <= 0)
            return VerificationVerdict.Reject(VerificationErrors.TooManyAttempts);
        return secretMatches.Value ? Accepted(purpose, pending) : VerificationVerdict.Count(PasswordsErrors.PasswordWrong, pending);
    }

    private static VerificationVerdict Accepted(VerificationPurpose purpose, PendingVerification pending) =>
        new(pending.CompletedAt is null ? null : purpose.Completed, CostsAttempt: false);
}

/// <param name="Rejection">Null: go on.</param>
internal sealed record VerificationVerdict(Error? Rejection, bool CostsAttempt)
{
    public static VerificationVerdict Reject(Error rejection) => new(rejection, CostsAttempt: false);

    /// <summary>A wrong guess, which says how many are left.</summary>
    public static VerificationVerdict Count(Error rejection, PendingVerification pending) =>
        new(rejection.WithFact("attemptsRemaining", pending.AttemptsRemaining - 1), CostsAttempt: true);
}
