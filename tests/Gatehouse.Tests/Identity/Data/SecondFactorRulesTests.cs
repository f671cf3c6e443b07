using Gatehouse.Contracts.Tenants;
using Gatehouse.Identity.Data;

namespace Gatehouse.Tests.Identity.Data;

public sealed class SecondFactorRulesTests
{
    private static readonly TenantSettings All = new() { SecondFactors = ["passkey", "totp", "sms", "email"] };

    [Theory]
    [InlineData("passkey", true)]
    [InlineData("totp", true)]
    [InlineData("sms", true)]
    [InlineData("email", false)]
    [InlineData("recovery-code", false)]
    public void A_shorter_password_is_enough_beside_what_is_no_mailbox(string held, bool isEnough)
    {
        Assert.Equal(isEnough, SecondFactorRules.AllowsShortPassword([held], All));
        Assert.False(SecondFactorRules.AllowsShortPassword([held], All with { SecondFactor = SecondFactorPolicy.Off }));
        Assert.False(SecondFactorRules.AllowsShortPassword([held], All with { SecondFactors = ["email"] }));
    }

    [Fact]
    public void Factors_are_asked_for_in_the_tenants_order_and_the_first_one_is_not_repeated()
    {
        Assert.Equal(["totp", "sms", "recovery-code"], SecondFactorRules.Asked(["sms", "totp"], All));
        Assert.Equal(["totp", "recovery-code"], SecondFactorRules.Asked(["sms", "totp"], All, repeated: "sms"));
        Assert.Equal(["recovery-code"], SecondFactorRules.Asked(["email"], All, repeated: "email"));
        Assert.Empty(SecondFactorRules.Asked(["totp"], All with { SecondFactors = ["passkey"] }));
    }

    [Theory]
    [InlineData("totp", "pwd", false)]
    [InlineData("totp", "pwd otp", false)]
    [InlineData("totp", "pwd otp mfa", true)]
    [InlineData("email", "pwd", false)]
    [InlineData("email", "pwd otp", true)]
    [InlineData("email totp", "pwd otp", false)]
    [InlineData("", "pwd", true)]
    public void A_proof_is_no_weaker_than_the_best_factor(string held, string methods, bool isProved) =>
        Assert.Equal(isProved, SecondFactorRules.IsProved(held.Split(' ', StringSplitOptions.RemoveEmptyEntries), methods.Split(' '), All));
}
