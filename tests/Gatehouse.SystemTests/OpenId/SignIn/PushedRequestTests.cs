using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>Requests that applications push (RFC 9126).</summary>
public sealed class PushedRequestTests(RunningApp running) : IAsyncLifetime
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
        shop = await app.ApplicationAsync(administrator, new { requirePushedRequests = true });
        browser = await app.BrowserAsync(user);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return default;
    }

    [Fact]
    public async Task It_stands_for_the_request_until_its_code_is_issued()
    {
        var uri = await PushAsync();
        var path = PathOf(shop, uri) + "&state=other&scope=openid";
        var answer = (await browser.FollowAsync(path)).Sent();
        // What stands beside the reference counts for nothing.
        Assert.Equal("state-1", answer["state"]);
        Assert.Equal(
            "openid profile email",
            (await app.RedeemAsync(shop, answer["code"])).AppTokens().Body.GetProperty("scope").GetString()
        );

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(path)).Status);
    }

    [Fact]
    public async Task It_survives_the_sign_in_and_belongs_to_the_browser_that_came_first()
    {
        var path = PathOf(shop, await PushAsync(("prompt", "login")));
        using var stranger = new Browser(app);
        var first = await stranger.GetAsync(path);
        Assert.StartsWith("/sign-in", first.Location(), StringComparison.Ordinal);
        Assert.StartsWith("/sign-in", (await stranger.GetAsync(path)).Location(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(path)).Status);

        var done = await stranger.SendFormAsync(
            await stranger.GetAsync(first.Location()),
            "/sign-in",
            ("identifier", user.Email),
            ("password", TestUsers.Password)
        );
        Assert.Contains("code", (await stranger.FollowAsync(done.Location())).Sent().Keys);
    }

    [Fact]
    public async Task Another_client_an_unknown_reference_and_a_missing_one_lead_nowhere()
    {
        var uri = await PushAsync();
        var other = await app.ApplicationAsync(administrator);

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(PathOf(other, uri))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(PathOf(shop, uri + "x"))).Status);
        Assert.Equal("invalid_request", (await browser.GetAsync(shop.Request())).Sent()["error"]);
    }

    [Theory]
    [InlineData("redirect_uri", "https://shop.example.com/other", "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("prompt", "maybe", "invalid_request")]
    [InlineData("max_age", "soon", "invalid_request")]
    [InlineData("request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request")]
    public async Task A_bad_one_is_rejected_where_it_is_pushed(string name, string? value, string error)
    {
        var answer = await app.OAuthAsync(Applications.PushPath, shop, Fields((name, value)));
        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer.Error()));
    }

    [Fact]
    public async Task Who_pushes_proves_who_they_are()
    {
        var wrong = await app.OAuthAsync(Applications.PushPath, shop with { Secret = "wrong" }, Fields());
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (wrong.Status, wrong.Error()));
        var get = await app.Users.GetAsync(Applications.PushPath);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.Status);
        var large = await app.OAuthAsync(Applications.PushPath, shop, Fields(("claims", new string('x', 200_000))));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.Status);
    }

    [Fact]
    public async Task A_public_application_pushes_by_its_name()
    {
        var phone = await app.ApplicationAsync(administrator, new { @public = true });
        var answer = await app.OAuthAsync(Applications.PushPath, phone, Fields());
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var path = PathOf(phone, answer.Body.GetProperty("request_uri").GetString()!);
        Assert.Contains("code", (await browser.FollowAsync(path)).Sent().Keys);
    }

    [Fact]
    public async Task Pushing_has_a_limit_of_its_own()
    {
        await using var limited = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["RateLimits:ApplyInDevelopment"] = "true",
                ["RateLimits:PushedRequests:Permits"] = "1",
            }
        );
        (string, string)[] nobody = [("client_id", "nobody"), ("grant_type", "client_credentials")];
        Assert.Equal(HttpStatusCode.Unauthorized, (await limited.FormAsync(Applications.PushPath, nobody)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await limited.FormAsync(Applications.PushPath, nobody)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await limited.FormAsync(ClientCalls.TokenPath, nobody)).Status);
    }

    private async Task<string> PushAsync(params (string, string?)[] more)
    {
        var answer = await app.OAuthAsync(Applications.PushPath, shop, Fields(more));
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        Assert.Equal(300, answer.Body.GetProperty("expires_in").GetInt32());
        return answer.Body.GetProperty("request_uri").GetString()!;
    }

    private List<(string, string)> Fields(params (string Name, string? Value)[] more)
    {
        var query = System.Web.HttpUtility.ParseQueryString(shop.Request(more).Split('?', 2)[1]);
        return [.. query.AllKeys.Where(key => key != "client_id").Select(key => (key!, query[key]!))];
    }

    private static string PathOf(TestApplication application, string uri) =>
        Applications.AuthorizePath + "?" + Applications.Encode([("client_id", application.ClientId), ("request_uri", uri)]);
}
