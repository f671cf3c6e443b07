using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>Sign-out that an application asks for, and what applications are told of it.</summary>
public sealed class SignOutTests(RunningApp running) : IAsyncLifetime
{
    private readonly TestApp app = running.App;
    private SignedIn user = null!;
    private SignedIn administrator = null!;
    private TestApplication shop = null!;
    private Browser browser = null!;

    public async ValueTask InitializeAsync()
    {
        user = await app.Users.SomebodyAsync();
        administrator = await app.TenantAdministratorAsync();
        shop = await app.ApplicationAsync(administrator);
        browser = await app.BrowserAsync(user);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return default;
    }

    [Fact]
    public async Task With_an_ID_token_the_browser_goes_back_signed_out()
    {
        var tokens = await app.TokensAsync(browser, shop);
        var state = "a b&c=ü";
        var answer = await browser.GetAsync(
            Logout(("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", TestApplication.PostLogout), ("state", state))
        );

        Assert.Equal(state, answer.Sent(TestApplication.PostLogout).Single(p => p.Key == "state").Value);
        Assert.False(await app.IsLiveAsync(tokens));
        Assert.Equal("login_required", (await browser.GetAsync(shop.Request(("prompt", "none")))).Sent()["error"]);
        // Signed out already: the way back is as good, and without a state there is none.
        var again = await browser.GetAsync(
            Logout(("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", TestApplication.PostLogout))
        );
        Assert.Equal(TestApplication.PostLogout, again.Location());
    }

    [Theory]
    [InlineData("https://shop.example.com/other")]
    [InlineData("https://shop.example.com/bye?more=1")]
    [InlineData("https://evil.example.org/")]
    [InlineData("javascript:alert(1)")]
    public async Task An_address_that_is_not_registered_ends_on_our_page_and_nobody_is_signed_out(string address)
    {
        var tokens = await app.TokensAsync(browser, shop);
        var answer = await browser.GetAsync(Logout(("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", address)));

        Assert.Equal((HttpStatusCode.BadRequest, ""), (answer.Status, answer.Location()));
        Assert.True(await app.IsLiveAsync(tokens));
    }

    [Fact]
    public async Task A_hint_that_is_none_signs_nobody_out()
    {
        var tokens = await app.TokensAsync(browser, shop);
        var parts = tokens.IdToken.Split('.');
        var none = System.Buffers.Text.Base64Url.EncodeToString("""{"alg":"none","typ":"JWT","kid":"x"}"""u8) + "." + parts[1] + ".";
        foreach (
            var hint in new[]
            {
                "made-up",
                none,
                $"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}",
                tokens.Access,
                user.Tokens.Access,
            }
        )
        {
            var answer = await browser.GetAsync(Logout(("id_token_hint", hint), ("post_logout_redirect_uri", TestApplication.PostLogout)));
            Assert.Equal((HttpStatusCode.BadRequest, ""), (answer.Status, answer.Location()));
        }

        var other = await app.ApplicationAsync(administrator);
        var mixed = await browser.GetAsync(Logout(("id_token_hint", tokens.IdToken), ("client_id", other.ClientId)));
        Assert.Equal(HttpStatusCode.BadRequest, mixed.Status);
        Assert.True(await app.IsLiveAsync(tokens));
    }

    [Fact]
    public async Task Without_a_hint_the_user_is_asked()
    {
        var tokens = await app.TokensAsync(browser, shop);
        var ask = await browser.GetAsync(
            Logout(("client_id", shop.ClientId), ("post_logout_redirect_uri", TestApplication.PostLogout), ("state", "s"))
        );
        Assert.Equal(HttpStatusCode.SeeOther, ask.Status);
        var page = await browser.GetAsync(ask.Location());
        Assert.True(await app.IsLiveAsync(tokens));
        Assert.Contains("Sign out?", page.Text, StringComparison.Ordinal);
        var done = await browser.SendFormAsync(page, Applications.LogoutPath + "/confirm");
        Assert.False(await app.IsLiveAsync(tokens));
        Assert.Equal("s", (await browser.GetAsync(done.Location())).Sent(TestApplication.PostLogout)["state"]);

        var bare = await browser.GetAsync(Logout(("state", "s")));
        Assert.Equal("/signed-out", bare.Location());
    }

    [Fact]
    public async Task A_form_from_elsewhere_works_although_its_cookies_are_left_out()
    {
        var tokens = await app.TokensAsync(browser, shop);
        using var form = new FormUrlEncodedContent([
            new("id_token_hint", tokens.IdToken),
            new("post_logout_redirect_uri", TestApplication.PostLogout),
        ]);
        using var without = new Browser(app);
        var answer = await without.SendAsync(HttpMethod.Post, Applications.LogoutPath, form);
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);

        var next = await browser.GetAsync(answer.Location());
        Assert.Equal(TestApplication.PostLogout, next.Location());
        Assert.False(await app.IsLiveAsync(tokens));
    }

    [Fact]
    public async Task The_pages_speak_the_language_that_the_application_asks_for()
    {
        var locales = ("ui_locales", "es");
        var ask = await browser.GetAsync(Logout(("client_id", shop.ClientId), locales));
        Assert.Contains("lang=\"es\"", (await browser.GetAsync(ask.Location())).Text, StringComparison.Ordinal);
        using var other = await app.BrowserAsync(user);
        var error = await other.GetAsync(shop.Request(("redirect_uri", "https://other.example.org/"), ("ui_locales", "hi")));
        Assert.Contains("lang=\"hi\"", error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?state=s")]
    public async Task Where_nothing_says_who_asks_the_user_confirms_and_reads_that_it_is_done(string query)
    {
        var tokens = await app.TokensAsync(browser, shop);
        var page = await browser.GetAsync((await browser.GetAsync(Applications.LogoutPath + query)).Location());
        Assert.Contains("Sign out?", page.Text, StringComparison.Ordinal);
        Assert.True(await app.IsLiveAsync(tokens));

        var done = await browser.SendFormAsync(page, Applications.LogoutPath + "/confirm");

        Assert.Contains("You have been signed out", (await browser.FollowAsync(done.Location())).Text, StringComparison.Ordinal);
        Assert.False(await app.IsLiveAsync(tokens));
    }

    private static string Logout(params (string, string)[] parameters) => Applications.LogoutPath + "?" + Applications.Encode(parameters);
}
