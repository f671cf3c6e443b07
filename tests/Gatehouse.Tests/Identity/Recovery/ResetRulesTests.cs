using Gatehouse.Identity.Verification;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Recovery;

namespace Gatehouse.Tests.Identity.Recovery;

public class ResetRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "identity.code-wrong")]
    public void An_open_code_is_worth_what_it_matches(bool matches, string? code)
    {
        var verdict = ResetRules.EvaluateCode(Open(), matches, Start);

        Assert.Equal((code, !matches), (verdict.Rejection?.Code, verdict.CostsAttempt));
    }

    [Fact]
    public void Used_up_comes_before_expired_expired_before_wrong_and_completed_is_told_to_the_right_code_only()
    {
        var completed = Open(completed: true);

        Assert.Equal(new CodeVerdict(VerificationErrors.TooManyAttempts, CostsAttempt: false), ResetRules.EvaluateCode(Open(tries: 0), matches: true, Start.AddMinutes(10)));
        Assert.Equal(new CodeVerdict(VerificationErrors.CodeExpired, CostsAttempt: false), ResetRules.EvaluateCode(Open(), matches: true, Start.AddMinutes(10)));
        Assert.Equal(RecoveryErrors.ResetCompleted, ResetRules.EvaluateCode(completed, matches: true, Start).Rejection);
        Assert.Equal(VerificationErrors.CodeWrong.Code, ResetRules.EvaluateCode(completed, matches: false, Start).Rejection?.Code);
    }

    [Fact]
    public void A_link_does_not_depend_on_the_tries_and_costs_none()
    {
        Assert.Equal(new CodeVerdict(Rejection: null, CostsAttempt: false), ResetRules.EvaluateLink(Open(tries: 0), matches: true));
        Assert.Equal(new CodeVerdict(VerificationErrors.LinkInvalid, CostsAttempt: false), ResetRules.EvaluateLink(Open(), matches: false));
        Assert.Equal(new CodeVerdict(VerificationErrors.LinkInvalid, CostsAttempt: false), ResetRules.EvaluateLink(Open(completed: true), matches: false));
        Assert.Equal(new CodeVerdict(RecoveryErrors.ResetCompleted, CostsAttempt: false), ResetRules.EvaluateLink(Open(completed: true), matches: true));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_password_that_was_changed_since_voids_a_reset(int? seconds, bool isVoid) =>
        Assert.Equal(isVoid, Open().IsSupersededFor(new StoredUser { PasswordChangedAt = seconds is null ? null : Start.AddSeconds(seconds.Value) }));

    private static PasswordReset Open(short tries = 3, bool completed = false) => new()
    {
        AttemptsRemaining = tries,
        CodeExpiresAt = Start.AddMinutes(10),
        CreatedAt = Start,
        CompletedAt = completed ? Start : null,
    };
}
