using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Recovery;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Tests.Identity.Verification;

/// <summary>One set of rules, held for every purpose there is.</summary>
public class VerificationRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Hash<OneTimeCode> Code = new(SHA256.HashData("code"u8));
    private static readonly Hash<LinkToken> Link = new(SHA256.HashData("link"u8));
    private static readonly Hash<OneTimeCode> Wrong = new(SHA256.HashData("wrong"u8));
    private static readonly Hash<LinkToken> WrongLink = new(Wrong.ToStored());

    private static readonly VerificationPurpose[] All =
    [
        new RegistrationVerification(new RegistrationOptions()),
        new ResetVerification(new ResetOptions()),
    ];

    public static TheoryData<string> Purposes => [.. All.Select(purpose => purpose.Name)];

    public enum Move
    {
        WrongCode,
        RightCode,
        OldCode,
        WrongPassword,
        RightPassword,
        LinkAlone,
        Resend,
        Wait,
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 120)]
    [InlineData(3, 240)]
    [InlineData(4, 240)]
    [InlineData(9, 240)]
    public void Waits_grow_to_four_minutes(int sends, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), VerificationRules.WaitAfter(sends));

    [Theory]
    [MemberData(nameof(Purposes))]
    public void A_resend_is_rejected_until_its_moment_and_says_how_long(string name)
    {
        var purpose = Of(name);
        var pending = Pending(purpose, sends: 1);

        var early = VerificationRules.EvaluateResend(purpose, pending, Start.AddSeconds(59.5));
        Assert.Equal(VerificationErrors.ResendTooSoon.Code, early?.Code);
        Assert.Equal(TimeSpan.FromSeconds(0.5), early?.RetryAfter);
        Assert.Null(VerificationRules.EvaluateResend(purpose, pending, Start.AddSeconds(60)));
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public void The_last_message_is_said_before_the_wait(string name)
    {
        var purpose = Of(name);

        Assert.Equal(
            VerificationErrors.ResendLimitReached,
            VerificationRules.EvaluateResend(purpose, Pending(purpose, sends: purpose.MaxSends), Start)
        );
        Assert.Null(VerificationRules.EvaluateResend(purpose, Pending(purpose, sends: purpose.MaxSends - 1), Start.AddHours(1)));
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public void Used_up_comes_before_expired_and_expired_before_wrong(string name)
    {
        var purpose = Of(name);
        var end = Start + purpose.CodeLifetime;

        Assert.Equal(
            VerificationVerdict.Reject(VerificationErrors.TooManyAttempts),
            VerificationRules.EvaluateCode(purpose, Pending(purpose, attempts: 0), Code, end)
        );
        Assert.Equal(
            VerificationVerdict.Reject(VerificationErrors.CodeExpired),
            VerificationRules.EvaluateCode(purpose, Pending(purpose), Wrong, end)
        );
        Assert.Equal(
            new VerificationVerdict(Rejection: null, CostsAttempt: false),
            VerificationRules.EvaluateCode(purpose, Pending(purpose), Code, end.AddTicks(-1))
        );
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public void A_wrong_or_cut_code_costs_an_attempt_and_says_how_many_remain(string name)
    {
        var purpose = Of(name);
        foreach (var wrong in new[] { Wrong.ToStored(), Code.ToStored()[..31], [], Link.ToStored() })
        {
            var verdict = VerificationRules.EvaluateCode(purpose, Pending(purpose, attempts: 3), new(wrong), Start);

            Assert.Equal((VerificationErrors.CodeWrong.Code, true), (verdict.Rejection?.Code, verdict.CostsAttempt));
            Assert.Equal(2, verdict.Rejection?.Facts["attemptsRemaining"]);
        }
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public void The_completion_is_told_to_the_right_code_only(string name)
    {
        var purpose = Of(name);
        var completed = Pending(purpose, completed: true);

        Assert.Equal(purpose.Completed, VerificationRules.EvaluateCode(purpose, completed, Code, Start).Rejection);
        Assert.Equal(VerificationErrors.CodeWrong.Code, VerificationRules.EvaluateCode(purpose, completed, Wrong, Start).Rejection?.Code);
        Assert.Equal(purpose.Completed, VerificationRules.EvaluateLink(purpose, completed, Link, secretMatches: null).Rejection);
        Assert.Equal(
            VerificationErrors.LinkInvalid,
            VerificationRules.EvaluateLink(purpose, completed, WrongLink, secretMatches: null).Rejection
        );
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public void A_link_alone_needs_no_attempts_but_a_secret_typed_with_it_does(string name)
    {
        var purpose = Of(name);
        var exhausted = Pending(purpose, attempts: 0);

        Assert.Equal(
            new VerificationVerdict(Rejection: null, CostsAttempt: false),
            VerificationRules.EvaluateLink(purpose, exhausted, Link, secretMatches: null)
        );
        Assert.Equal(
            VerificationVerdict.Reject(VerificationErrors.LinkInvalid),
            VerificationRules.EvaluateLink(purpose, Pending(purpose), WrongLink, secretMatches: null)
        );
        Assert.Equal(
            VerificationErrors.TooManyAttempts,
            VerificationRules.EvaluateLink(purpose, exhausted, Link, secretMatches: true).Rejection
        );
        Assert.True(VerificationRules.EvaluateLink(purpose, Pending(purpose), Link, secretMatches: false).CostsAttempt);
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public void Only_where_messages_prolong_does_another_one_move_the_end(string name)
    {
        var purpose = Of(name);
        var (end, now) = (Start.AddMinutes(5), Start.AddMinutes(2));

        Assert.Equal(purpose.MessagesProlong ? now + purpose.Lifetime : end, VerificationRules.EndOf(purpose, end, now));
        Assert.True(purpose.MaxLifetime >= purpose.Lifetime);
    }

    [Fact]
    public void In_any_order_of_moves_the_rules_hold()
    {
        var moves = Gen.Zip(Gen.Elements(Enum.GetValues<Move>()), Gen.Elements(1, 30, 60, 120, 240, 600)).ListOf().Resize(60).ToArbitrary();

        Prop.ForAll(moves, list => Play(All[0], list)).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static void Play(VerificationPurpose purpose, IEnumerable<(Move Move, int Seconds)> moves)
    {
        var (row, model, now) = (Pending(purpose), new Model(), Start);
        foreach (var (move, seconds) in moves)
        {
            if (move == Move.Wait)
                now = now.AddSeconds(seconds);
            var said = Act(purpose, move, ref row, now);
            Assert.Equal(model.Expect(move, now - Start), said);
            Assert.InRange(row.AttemptsRemaining, 0, 5);
            Assert.InRange(row.Sends, 1, 5);
        }
    }

    // What the store does with a verdict, on a row in memory. An old code is the one before the last message.
    private static string Act(VerificationPurpose purpose, Move move, ref PendingVerification row, DateTimeOffset now)
    {
        if (move == Move.Wait)
            return "";
        if (move == Move.Resend)
        {
            if (VerificationRules.EvaluateResend(purpose, row, now) is { } rejection)
                return rejection.Code;
            var sends = row.Sends + 1;
            row = Copy(row, purpose.Attempts, sends, now + purpose.CodeLifetime, now + VerificationRules.WaitAfter(sends));
            return "sent";
        }

        var verdict = move switch
        {
            Move.RightCode => VerificationRules.EvaluateCode(purpose, row, Code, now),
            Move.WrongCode or Move.OldCode => VerificationRules.EvaluateCode(purpose, row, Wrong, now),
            Move.LinkAlone => VerificationRules.EvaluateLink(purpose, row, Link, secretMatches: null),
            _ => VerificationRules.EvaluateLink(purpose, row, Link, secretMatches: move == Move.RightPassword),
        };
        if (verdict.CostsAttempt)
            row = Copy(row, attempts: row.AttemptsRemaining - 1);
        if (verdict.Rejection is { } rejected)
            return rejected.Code;
        row = Copy(row, completed: true);
        return "user";
    }

    private static VerificationPurpose Of(string name) => All.Single(purpose => purpose.Name == name);

    private static PendingVerification Pending(VerificationPurpose purpose, int? attempts = null, int sends = 1, bool completed = false) =>
        new()
        {
            CodeHash = Code,
            LinkHash = Link,
            AttemptsRemaining = (short)(attempts ?? purpose.Attempts),
            Sends = (short)sends,
            CodeExpiresAt = Start + purpose.CodeLifetime,
            ResendAt = Start.AddSeconds(60),
            CompletedAt = completed ? Start : null,
        };

    private static PendingVerification Copy(
        PendingVerification row,
        int? attempts = null,
        int? sends = null,
        DateTimeOffset? codeEnds = null,
        DateTimeOffset? resendAt = null,
        bool completed = false
    ) =>
        new()
        {
            CodeHash = row.CodeHash,
            LinkHash = row.LinkHash,
            AttemptsRemaining = (short)(attempts ?? row.AttemptsRemaining),
            Sends = (short)(sends ?? row.Sends),
            CodeExpiresAt = codeEnds ?? row.CodeExpiresAt,
            ResendAt = resendAt ?? row.ResendAt,
            CompletedAt = completed ? Start : row.CompletedAt,
        };

    /// <summary>The same promises in other words: it counts failures since the last message and remembers when that was.</summary>
    private sealed class Model
    {
        private readonly List<TimeSpan> sent = [TimeSpan.Zero];
        private int failures;
        private bool user;

        public string Expect(Move move, TimeSpan now)
        {
            switch (move)
            {
                case Move.Wait:
                    return "";
                case Move.Resend:
                    return Resend(now);
                case Move.LinkAlone:
                    return Complete();
                case Move.WrongPassword or Move.RightPassword when user:
                    return "identity.registration-completed";
            }

            if (failures == 5)
                return "identity.too-many-attempts";
            if (move is Move.RightPassword)
                return Complete();
            if (move is not Move.WrongPassword && now - sent[^1] >= TimeSpan.FromMinutes(10))
                return "identity.code-expired";
            if (move is Move.RightCode)
                return Complete();
            failures++;
            return move is Move.WrongPassword ? "identity.password-wrong" : "identity.code-wrong";
        }

        private string Resend(TimeSpan now)
        {
            if (sent.Count == 5)
                return "identity.resend-limit-reached";
            var wait = sent.Count switch
            {
                1 => 1,
                2 => 2,
                _ => 4,
            };
            if (now - sent[^1] < TimeSpan.FromMinutes(wait))
                return "identity.resend-too-soon";
            sent.Add(now);
            failures = 0;
            return "sent";
        }

        private string Complete()
        {
            if (user)
                return "identity.registration-completed";
            user = true;
            return "user";
        }
    }
}
