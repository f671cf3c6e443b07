using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>The applications of docs/integrating.md in full: one in a browser on another origin, one that is a machine. Their libraries are
/// used as npm installs them.</summary>
[Trait("Speed", "Slow")]
public sealed class BrowserApplicationTests : IAsyncLifetime
{
    private TestApp app = null!;
    private BrowserApplication shop = null!;
    private SignedIn user = null!;
    private string issuer = "";

    public async ValueTask InitializeAsync()
    {
        app = await BrowserApplication.StartGatehouseAsync();
        issuer = $"http://localhost:{app.Http.BaseAddress!.Port}";
        shop = await BrowserApplication.StartAsync();
        user = await app.Users.SomebodyAsync();
        var client = await app.ApplicationAsync(
            await app.TenantAdministratorAsync(),
            new
            {
                @public = true,
                requireConsent = true,
                redirectUris = Applications.List(shop.Origin + "/", shop.Origin + "/oidc-client-ts.html"),
                postLogoutRedirectUris = Applications.List(shop.Origin + "/"),
            }
        );
        shop.Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["issuer"] = issuer, ["clientId"] = client.ClientId };
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_page_of_another_origin_signs_its_user_in_and_out()
    {
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync(shop.Origin + "/");
        await SaysAsync(visit, "signed out");
        await visit.Page.ClickAsync("#sign-in");
        await SignInAsync(visit);
        await SaysAsync(visit, "signed in " + user.Email);
        // Neither the address nor what is kept in the browser has a code or a token.
        Assert.Equal(shop.Origin + "/", visit.Page.Url);
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("sessionStorage.length + localStorage.length"));

        await visit.Page.ClickAsync("#again");
        await SaysAsync(visit, $"renewed {user.Email} true");
        // Whoever is signed in and has agreed comes straight back.
        await visit.GoAsync(shop.Origin + "/");
        await SaysAsync(visit, "signed out");
        await visit.Page.ClickAsync("#sign-in");
        await SaysAsync(visit, "signed in " + user.Email);

        await visit.Page.ClickAsync("#sign-out");
        await visit.ArriveAsync("^" + shop.Origin);
        await SaysAsync(visit, "signed out");
        await visit.Page.ClickAsync("#sign-in");
        await visit.ArriveAsync("/sign-in");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_code_that_another_browser_got_is_worth_nothing_in_this_one()
    {
        using var attacker = await app.BrowserAsync(await app.Users.SomebodyAsync());
        var client = new TestApplication(Guid.Empty, shop.Settings["clientId"]) { RedirectUri = shop.Origin + "/" };
        var page = await attacker.FollowAsync(client.Request());
        var next = await attacker.SendFormAsync(page, Applications.ContinuePath, ("act", "continue"));
        var back = (await attacker.FollowAsync(next.Location())).Location();
        Assert.Contains("code=", back, StringComparison.Ordinal);

        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync(back);
        await SaysAsync(visit, "failed: This tab did not begin a sign-in.");
        await visit.GoAsync(shop.Origin + "/");
        await visit.Page.ClickAsync("#sign-in");
        await visit.ArriveAsync("/sign-in");
        await visit.GoAsync(back);
        await SaysAsync(visit, "failed: OAUTH_INVALID_RESPONSE");
    }

    [Fact]
    public async Task Oidc_client_ts_signs_in_renews_and_revokes()
    {
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync(shop.Origin + "/oidc-client-ts.html");
        await visit.Page.ClickAsync("#sign-in");
        await SignInAsync(visit);
        await SaysAsync(visit, "signed in " + user.Email);
        await visit.Page.ClickAsync("#again");
        await SaysAsync(visit, $"renewed {user.Email} true");
        await visit.Page.ClickAsync("#revoke");
        await SaysAsync(visit, "revoked 401");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_machine_gets_a_token_and_calls_the_API()
    {
        var account = await app.ClientAsync(await app.TenantAdministratorAsync(), "users:read");
        await NodePackages.InstallAsync("Foreign");

        var (exitCode, output) = await NodePackages.RunAsync(
            "Foreign",
            "env",
            "CLIENT_ID=" + account.ClientId,
            "CLIENT_SECRET=" + account.Secret,
            "node",
            "machine.mjs",
            issuer
        );

        Assert.True(exitCode == 0, output);
        Assert.Contains("Ada", output.Split('\n'));
    }

    [Fact]
    public async Task Oidc_client_ts_steps_up_and_its_sign_out_ends_every_application_of_the_browser()
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        var other = await app.ApplicationAsync(
            await app.TenantAdministratorAsync(),
            new { backchannelLogoutUri = receiver.Url, redirectUris = Applications.List(receiver.Url) }
        );
        other = other with { RedirectUri = receiver.Url };
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync(shop.Origin + "/oidc-client-ts.html");
        await visit.Page.ClickAsync("#sign-in");
        await SignInAsync(visit);
        await SaysAsync(visit, "signed in " + user.Email);
        await visit.GoAsync(issuer + other.Request());
        await visit.ArriveAsync("^" + receiver.Url);
        var code = System.Web.HttpUtility.ParseQueryString(new Uri(visit.Page.Url).Query)["code"]!;
        var tokens = (await app.RedeemAsync(other, code)).AppTokens();
        receiver.Bodies.Clear();

        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await visit.GoAsync(shop.Origin + "/oidc-client-ts.html");
        await visit.Page.ClickAsync("#step-up");
        await visit.ArriveAsync("/oauth2/continue");
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.ClickAsync("button[value=continue]");
        await SaysAsync(visit, $"signed in {user.Email} later true");
        await visit.Page.ClickAsync("#sign-out");
        await visit.ArriveAsync($"^{shop.Origin}/$");
        Assert.False(await app.IsLiveAsync(tokens));
        await TestApp.EventuallyAsync(
            () => Task.FromResult(receiver.Bodies.Any(body => body.StartsWith("logout_token=", StringComparison.Ordinal))),
            "the other one is told"
        );
    }

    private async Task SignInAsync(Visit visit)
    {
        await visit.ArriveAsync("/sign-in");
        await visit.Page.FillAsync("#identifier", user.Email);
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.PressAsync("#password", "Enter");
        await visit.ArriveAsync("/oauth2/continue");
        await visit.Page.ClickAsync("button[value=continue]");
        await visit.ArriveAsync("^" + shop.Origin);
    }

    private static Task SaysAsync(Visit visit, string text) => Assertions.Expect(visit.Page.Locator("#status")).ToHaveTextAsync(text);
}
