using Gatehouse.OpenId.SignIn;

namespace Gatehouse.Tests.OpenId;

public sealed class AuthorizationRulesTests
{
    private static readonly DateTimeOffset Began = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ada = new("0199d000-0000-7000-8000-000000000001");
    private static readonly Guid Ben = new("0199d000-0000-7000-8000-000000000002");
    private static readonly SignedInNow Now = new(Ada, Began.AddMinutes(-10));
    private static readonly Said Nothing = new()
    {
        Agreed = false,
        Denied = false,
        Consented = [],
    };
    private static readonly AskedFor Plain = new()
    {
        Scopes = ["openid", "email"],
        Prompt = [],
        MaxAge = null,
        BeganAt = Began,
        NeedsConsent = false,
    };

    [Fact]
    public void Who_is_signed_in_goes_on_and_who_is_not_signs_in()
    {
        Assert.Equal(Step.Issue, AuthorizationRules.Next(Plain, Now, Nothing));
        Assert.Equal(Step.SignIn, AuthorizationRules.Next(Plain, null, Nothing));
        Assert.Equal("login_required", AuthorizationRules.Next(Plain with { Prompt = ["none"] }, null, Nothing).Error);
    }

    [Theory]
    [InlineData(599, true)]
    [InlineData(600, false)]
    [InlineData(0, true)]
    public void An_age_is_counted_from_when_the_request_began(int seconds, bool asks)
    {
        var asked = Plain with { MaxAge = TimeSpan.FromSeconds(seconds) };
        Assert.Equal(asks, AuthorizationRules.Next(asked, Now, Nothing).AsksProof);
        // Whoever has proved it since is not asked again, not even for an age of nothing.
        Assert.Equal(Step.Issue, AuthorizationRules.Next(asked, Now with { AuthenticatedAt = Began }, Nothing));
    }

    [Fact]
    public void Prompts_are_satisfied_once()
    {
        var login = Plain with { Prompt = ["login"] };
        Assert.True(AuthorizationRules.Next(login, Now, Nothing).AsksProof);
        Assert.Equal(Step.Issue, AuthorizationRules.Next(login, Now with { AuthenticatedAt = Began.AddSeconds(1) }, Nothing));
        var choose = Plain with { Prompt = ["select_account"] };
        Assert.True(AuthorizationRules.Next(choose, Now, Nothing).AsksAccount);
        Assert.Equal(Step.Issue, AuthorizationRules.Next(choose, Now, Nothing with { Agreed = true }));
    }

    [Fact]
    public void Consent_is_asked_for_what_was_not_agreed_to()
    {
        var asked = Plain with { NeedsConsent = true };
        Assert.True(AuthorizationRules.Next(asked, Now, Nothing with { Consented = ["openid"] }).AsksConsent);
        Assert.Equal(Step.Issue, AuthorizationRules.Next(asked, Now, Nothing with { Consented = ["email", "openid", "profile"] }));
        var again = asked with { Prompt = ["consent"] };
        Assert.True(AuthorizationRules.Next(again, Now, Nothing with { Consented = ["openid", "email"] }).AsksConsent);
        Assert.Equal(Step.Issue, AuthorizationRules.Next(again, Now, Nothing with { Agreed = true, Consented = ["openid", "email"] }));
        var silent = asked with { Prompt = ["none"] };
        Assert.Equal("consent_required", AuthorizationRules.Next(silent, Now, Nothing).Error);
        Assert.Equal("login_required", AuthorizationRules.Next(silent with { MaxAge = TimeSpan.Zero }, Now, Nothing).Error);
    }

    [Fact]
    public void Terms_come_last_and_are_never_passed_over()
    {
        var asked = Plain with { OwesTerms = true };
        Assert.Equal(Step.Terms, AuthorizationRules.Next(asked, Now, Nothing));
        Assert.Equal(Step.Terms, AuthorizationRules.Next(asked, Now, Nothing with { Agreed = true }));
        Assert.Equal(Step.SignIn, AuthorizationRules.Next(asked, null, Nothing));
        Assert.True(AuthorizationRules.Next(asked with { Prompt = ["login"] }, Now, Nothing).AsksProof);
        Assert.True(AuthorizationRules.Next(asked with { NeedsConsent = true }, Now, Nothing).AsksConsent);
        Assert.True(AuthorizationRules.Next(asked with { HintedUser = Ben }, Now, Nothing).AsksAccount);
        Assert.Equal("interaction_required", AuthorizationRules.Next(asked with { Prompt = ["none"] }, Now, Nothing).Error);
    }

    [Fact]
    public void A_hint_is_of_the_user_who_is_signed_in_or_somebody_chooses()
    {
        Assert.Equal(Step.Issue, AuthorizationRules.Next(Plain with { HintedUser = Ada }, Now, Nothing));
        Assert.True(AuthorizationRules.Next(Plain with { HintedUser = Ben }, Now, Nothing).AsksAccount);
        // Whoever goes on all the same is not whom the application expects.
        Assert.Equal("login_required", AuthorizationRules.Next(Plain with { HintedUser = Ben }, Now, Nothing with { Agreed = true }).Error);
        Assert.Equal("login_required", AuthorizationRules.Next(Plain with { HintedUser = Ben, Prompt = ["none"] }, Now, Nothing).Error);
        Assert.Equal("invalid_request", AuthorizationRules.Next(Plain with { HintIsForeign = true }, Now, Nothing).Error);
    }

    [Fact]
    public void Who_says_no_is_asked_nothing_more() =>
        Assert.Equal("access_denied", AuthorizationRules.Next(Plain, null, Nothing with { Denied = true }).Error);
}
