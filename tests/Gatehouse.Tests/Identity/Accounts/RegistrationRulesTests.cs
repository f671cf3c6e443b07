using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Identity.Verification;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Values;

namespace Gatehouse.Tests.Identity.Accounts;

public class RegistrationRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RegistrationOptions Options = new();

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
        Assert.Equal(TimeSpan.FromSeconds(seconds), CodeRules.WaitAfter(sends));

    [Fact]
    public void A_resend_is_refused_until_its_moment_and_says_how_long()
    {
        var registration = Pending(sends: 1);

        var early = RegistrationRules.EvaluateResend(registration, Options, Start.AddSeconds(59.5));
        Assert.Equal(VerificationErrors.ResendTooSoon.Code, early?.Code);
        Assert.Equal(TimeSpan.FromSeconds(0.5), early?.RetryAfter);
        Assert.Null(RegistrationRules.EvaluateResend(registration, Options, Start.AddSeconds(60)));
    }

    [Fact]
    public void The_last_message_is_said_before_the_wait()
    {
        Assert.Equal(VerificationErrors.ResendLimitReached, RegistrationRules.EvaluateResend(Pending(sends: 5), Options, Start));
        Assert.Null(RegistrationRules.EvaluateResend(Pending(sends: 4), Options, Start.AddHours(1)));
    }

    [Fact]
    public void Used_up_comes_before_expired_and_expired_before_wrong()
    {
        Assert.Equal(VerificationErrors.TooManyAttempts, RegistrationRules.EvaluateCode(Pending(tries: 0), matches: true, Start.AddMinutes(10)).Rejection);
        Assert.Equal(new CodeVerdict(VerificationErrors.CodeExpired, CostsAttempt: false), RegistrationRules.EvaluateCode(Pending(), matches: false, Start.AddMinutes(10)));
        Assert.Null(RegistrationRules.EvaluateCode(Pending(), matches: true, Start.AddMinutes(10).AddTicks(-1)).Rejection);
    }

    [Fact]
    public void A_wrong_code_says_how_many_tries_are_left()
    {
        var verdict = RegistrationRules.EvaluateCode(Pending(tries: 3), matches: false, Start);

        Assert.True(verdict.CostsAttempt);
        Assert.Equal(2, verdict.Rejection?.Facts["attemptsRemaining"]);
    }

    [Fact]
    public void The_completion_is_told_to_the_right_code_only()
    {
        var completed = Pending(completed: true);

        Assert.Equal(AccountsErrors.RegistrationCompleted, RegistrationRules.EvaluateCode(completed, matches: true, Start).Rejection);
        Assert.Equal(VerificationErrors.CodeWrong.Code, RegistrationRules.EvaluateCode(completed, matches: false, Start).Rejection?.Code);
    }

    [Fact]
    public void A_link_alone_needs_no_tries_but_a_password_does()
    {
        Assert.Null(RegistrationRules.EvaluateLink(Pending(tries: 0), passwordMatches: null).Rejection);
        Assert.Equal(VerificationErrors.TooManyAttempts, RegistrationRules.EvaluateLink(Pending(tries: 0), passwordMatches: true).Rejection);
        Assert.Equal(AccountsErrors.RegistrationCompleted, RegistrationRules.EvaluateLink(Pending(completed: true), passwordMatches: null).Rejection);
        Assert.True(RegistrationRules.EvaluateLink(Pending(), passwordMatches: false).CostsAttempt);
    }

    [Fact]
    public void In_any_order_of_moves_the_rules_hold()
    {
        var moves = Gen.Zip(Gen.Elements(Enum.GetValues<Move>()), Gen.Elements(1, 30, 60, 120, 240, 600)).ListOf().Resize(60).ToArbitrary();

        Prop.ForAll(moves, list => Play(list)).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static void Play(IEnumerable<(Move Move, int Seconds)> moves)
    {
        var (row, model, now) = (Pending(), new Model(), Start);
        foreach (var (move, seconds) in moves)
        {
            if (move == Move.Wait) now = now.AddSeconds(seconds);
            var said = Act(move, ref row, now);
            Assert.Equal(model.Expect(move, now - Start), said);
            Assert.InRange(row.AttemptsRemaining, 0, 5);
            Assert.InRange(row.Sends, 1, 5);
        }
    }

    // What the slices do with a verdict, on a row in memory. An old code is the one before the last message.
    private static string Act(Move move, ref Registration row, DateTimeOffset now)
    {
        if (move == Move.Wait) return "";
        if (move == Move.Resend)
        {
            if (RegistrationRules.EvaluateResend(row, Options, now) is { } rejection) return rejection.Code;
            var sends = row.Sends + 1;
            row = Copy(row, tries: Options.CodeAttempts, sends: sends, codeEnds: now.AddMinutes(Options.CodeMinutes), resendAt: now + CodeRules.WaitAfter(sends));
            return "sent";
        }

        var verdict = move switch
        {
            Move.RightCode => RegistrationRules.EvaluateCode(row, matches: true, now),
            Move.WrongCode or Move.OldCode => RegistrationRules.EvaluateCode(row, matches: false, now),
            Move.LinkAlone => RegistrationRules.EvaluateLink(row, passwordMatches: null),
            _ => RegistrationRules.EvaluateLink(row, passwordMatches: move == Move.RightPassword),
        };
        if (verdict.CostsAttempt) row = Copy(row, tries: row.AttemptsRemaining - 1);
        if (verdict.Rejection is { } refused) return refused.Code;
        row = Copy(row, completed: true);
        return "user";
    }

    private static Registration Pending(int tries = 5, int sends = 1, bool completed = false) => new()
    {
        AttemptsRemaining = (short)tries,
        Sends = (short)sends,
        CodeExpiresAt = Start.AddMinutes(10),
        ResendAt = Start.AddSeconds(60),
        CompletedAt = completed ? Start : null,
    };

    private static Registration Copy(
        Registration row, int? tries = null, int? sends = null, DateTimeOffset? codeEnds = null, DateTimeOffset? resendAt = null, bool completed = false) => new()
        {
            AttemptsRemaining = (short)(tries ?? row.AttemptsRemaining),
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
                case Move.Wait: return "";
                case Move.Resend: return Resend(now);
                case Move.LinkAlone: return Complete();
                case Move.WrongPassword or Move.RightPassword when user: return "identity.registration-completed";
            }

            if (failures == 5) return "identity.too-many-attempts";
            if (move is Move.RightPassword) return Complete();
            if (move is not Move.WrongPassword && now - sent[^1] >= TimeSpan.FromMinutes(10)) return "identity.code-expired";
            if (move is Move.RightCode) return Complete();
            failures++;
            return move is Move.WrongPassword ? "identity.password-wrong" : "identity.code-wrong";
        }

        private string Resend(TimeSpan now)
        {
            if (sent.Count == 5) return "identity.resend-limit-reached";
            var wait = sent.Count switch { 1 => 1, 2 => 2, _ => 4 };
            if (now - sent[^1] < TimeSpan.FromMinutes(wait)) return "identity.resend-too-soon";
            sent.Add(now);
            failures = 0;
            return "sent";
        }

        private string Complete()
        {
            if (user) return "identity.registration-completed";
            user = true;
            return "user";
        }
    }
}
