using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>A user signs in to an application in a real browser, which enforces our content policy over every redirect.</summary>
public sealed class BrowserSignInTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", false)]
    public async Task From_the_application_to_its_code_and_back_out(string language, bool script)
    {
        var user = await app.Users.SomebodyAsync();
        await using var receiver = await LogoutReceiver.StartAsync();
        var shop = await app.ApplicationAsync(
            await app.TenantAdministratorAsync(),
            new
            {
                requireConsent = true,
                redirectUris = Applications.List(receiver.Url),
                postLogoutRedirectUris = Applications.List(receiver.Url),
            }
        );
        await using var visit = await Visit.StartAsync(app, language, script);
        var (mode, name) = script ? ("form_post", "script") : ("query", "plain");

        if (script)
        {
            // A rejection is posted as well.
            await visit.GoAsync(shop.Request(("response_mode", mode), ("prompt", "none"), ("state", "</input>\"'<b>")));
            await visit.ArriveAsync("^" + receiver.Url);
            await TestApp.EventuallyAsync(() => Task.FromResult(receiver.Bodies.Any(IsRejection)), "the application gets its form");
            var rejection = System.Web.HttpUtility.ParseQueryString(receiver.Bodies.First(IsRejection));
            Assert.Equal(
                ("login_required", "</input>\"'<b>", "http://localhost:8080"),
                (rejection["error"], rejection["state"], rejection["iss"])
            );
        }

        await visit.GoAsync(shop.Request(("response_mode", mode)));
        await visit.LookAsync($"application-sign-in-{name}");
        await visit.Page.FillAsync("#identifier", user.Email);
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.PressAsync("#password", "Enter");
        await visit.ArriveAsync("/oauth2/continue");
        await visit.LookAsync($"application-consent-{name}");
        await visit.Page.ClickAsync("button[value=continue]");
        await visit.ArriveAsync("^" + receiver.Url);
        if (script)
            await TestApp.EventuallyAsync(() => Task.FromResult(receiver.Bodies.Any(IsAnswer)), "the application gets its form");
        var code = System.Web.HttpUtility.ParseQueryString(script ? receiver.Bodies.First(IsAnswer) : new Uri(visit.Page.Url).Query)[
            "code"
        ]!;
        var tokens = (await app.RedeemAsync(shop, code)).AppTokens();
        Assert.Equal(user.UserId, tokens.IdClaims.GetProperty("sub").GetGuid());

        // Steps up where the application asks for it.
        await visit.GoAsync(shop.Request(("max_age", "0")));
        await visit.LookAsync($"application-proof-{name}");
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.ClickAsync("button[value=continue]");
        await visit.ArriveAsync("^" + receiver.Url);
        await visit.GoAsync("/account/applications");
        await visit.LookAsync($"account-applications-{name}");

        await visit.GoAsync(
            Applications.LogoutPath
                + "?"
                + Applications.Encode([("client_id", shop.ClientId), ("post_logout_redirect_uri", receiver.Url), ("state", "s")])
        );
        await visit.LookAsync($"application-sign-out-{name}");
        await visit.Page.ClickAsync("main button[type=submit]");
        await visit.ArriveAsync($@"^{receiver.Url}\?state=s$");
        Assert.False(await app.IsLiveAsync(tokens));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task An_application_is_created_in_the_console()
    {
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync((await app.TenantAdministratorAsync()).Email);
        await visit.GoAsync("/admin/clients/new");
        await visit.Page.FillAsync("#clientName", "Shop in the console");
        await visit.Page.ClickAsync("details > summary:has-text('Signing users in')");
        await visit.Page.CheckAsync("input[name=signsIn]");
        await visit.Page.CheckAsync("input[name=deviceCode]");
        await visit.Page.FillAsync("#redirectUris", "http://shop.example.com/");
        await visit.LookAsync("console-application-new");
        await visit.Page.ClickAsync("form.panel button[type=submit]");
        Assert.Contains("https", await visit.Page.TextContentAsync("#redirectUris-error"), StringComparison.Ordinal);
        await visit.Page.FillAsync("#redirectUris", "https://shop.example.com/signed-in\nhttps://shop.example.com/other");
        await visit.Page.ClickAsync("form.panel button[type=submit]");
        await visit.Page.WaitForSelectorAsync("#new-secret");
        Assert.Equal(2, await visit.Page.Locator(".address").CountAsync());
        await visit.LookAsync("console-application");
        Assert.True(
            await app.ScalarAsync<bool>(
                "select (sign_in ->> 'deviceCode')::bool from openid.clients where name = 'Shop in the console' order by id desc limit 1"
            )
        );
    }

    private static bool IsRejection(string body) => body.Contains("error=", StringComparison.Ordinal);

    private static bool IsAnswer(string body) => body.Contains("code=", StringComparison.Ordinal);
}
