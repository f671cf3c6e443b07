using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>Sign-in on a device without a browser of its own (RFC 8628).</summary>
[Collection<MovedTime>]
public sealed class DeviceCodeTests(RunningApp running) : IAsyncLifetime
{
    private const string DevicePath = "/oauth2/device";
    private const string PagePath = "/device";
    private readonly TestApp app = running.App;
    private SignedIn user = null!;
    private SignedIn administrator = null!;
    private TestApplication television = null!;
    private Browser browser = null!;

    public async ValueTask InitializeAsync()
    {
        user = await app.Users.SomebodyAsync();
        administrator = await app.TenantAdministratorAsync();
        television = await app.ApplicationAsync(
            administrator,
            new
            {
                @public = true,
                deviceCode = true,
                requireConsent = true,
            }
        );
        browser = await app.BrowserAsync(user);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return default;
    }

    [Fact]
    public async Task From_the_code_on_the_device_to_its_tokens()
    {
        var codes = await BeginAsync();
        Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", Text(codes, "user_code"));
        Assert.Equal("http://localhost:8080/device", Text(codes, "verification_uri"));
        Assert.Equal("http://localhost:8080/device?user_code=" + Text(codes, "user_code"), Text(codes, "verification_uri_complete"));
        Assert.Equal((600, 5), (codes.GetProperty("expires_in").GetInt32(), codes.GetProperty("interval").GetInt32()));
        Assert.Equal("authorization_pending", (await AskAsync(codes)).Error());

        // The link shows the code, and asks all the same.
        var page = await browser.GetAsync(PagePath + "?user_code=" + Text(codes, "user_code"));
        Assert.Contains($"value=\"{Text(codes, "user_code")}\"", page.Text, StringComparison.Ordinal);
        var question = await browser.SendFormAsync(page, PagePath, ("user_code", Text(codes, "user_code")!));
        Assert.Contains("Allow Shop on your device?", question.Text, StringComparison.Ordinal);
        Assert.Contains("see your e-mail address", question.Text, StringComparison.Ordinal);
        Assert.Contains("If somebody sent you the code", question.Text, StringComparison.Ordinal);
        Assert.Equal("authorization_pending", (await AskAsync(codes)).Error());
        var done = await browser.SendFormAsync(question, PagePath, ("act", "allow"));
        Assert.Contains("Device connected", done.Text, StringComparison.Ordinal);

        var tokens = (await AskAsync(codes)).AppTokens();
        Assert.Equal(user.UserId, tokens.IdClaims.GetProperty("sub").GetGuid());
        Assert.False(tokens.IdClaims.TryGetProperty("nonce", out _));
        Assert.Equal(user.Email, (await app.UserInfoAsync(tokens.Access)).Body.GetProperty("email").GetString());
        (await app.RefreshAsync(television, tokens.Refresh)).AppTokens();
        // Its user sees it among the applications, and ends it there.
        Assert.Contains("Shop", (await browser.GetAsync("/account/applications")).Text, StringComparison.Ordinal);
        await browser.FillAsync("/account/applications", "/account/applications");
        Assert.False(await app.IsLiveAsync(tokens));
    }

    [Fact]
    public async Task Whoever_asks_too_often_has_to_slow_down_and_gets_through_in_time()
    {
        using var held = app.Clock.Hold();
        var codes = await BeginAsync();
        Assert.Equal("slow_down", (await AskAsync(codes, seconds: 1)).Error());
        await AllowAsync(codes);
        // Ten seconds from now on, since the beginning.
        Assert.Equal("slow_down", (await AskAsync(codes, seconds: 5)).Error());
        (await AskAsync(codes, seconds: 15)).AppTokens();
    }

    [Fact]
    public async Task A_denied_an_expired_and_a_foreign_code_give_nothing()
    {
        var denied = await BeginAsync();
        var answer = await browser.SendFormAsync(await TypeAsync(browser, denied), PagePath, ("act", "deny"));
        Assert.Contains("Declined", answer.Text, StringComparison.Ordinal);
        Assert.Equal("access_denied", (await AskAsync(denied)).Error());
        AssertUnknown(await TypeAsync(browser, denied));

        var expired = await BeginAsync();
        var other = await app.ApplicationAsync(administrator, new { @public = true, deviceCode = true });
        Assert.Equal("invalid_grant", (await AskAsync(expired, by: other)).Error());
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("expired_token", (await AskAsync(expired)).Error());
        using var later = await app.BrowserAsync(user);
        AssertUnknown(await TypeAsync(later, expired));

        foreach (var none in new[] { "", "made-up", new string('A', 43), new string('x', 5000) })
            Assert.Contains(
                (await app.TokenAsync(television, [("grant_type", GrantType), ("device_code", none)])).Error(),
                Applications.List("invalid_grant", "invalid_request")
            );
        // What the user types is none for the device.
        Assert.Equal(
            "invalid_grant",
            (await app.TokenAsync(television, [("grant_type", GrantType), ("device_code", Text(denied, "user_code")!)])).Error()
        );
    }

    [Fact]
    public async Task Of_many_questions_at_once_one_gets_tokens_and_a_second_use_ends_them()
    {
        var codes = await BeginAsync();
        await AllowAsync(codes);
        app.Clock.Advance(TimeSpan.FromSeconds(6));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(codes, seconds: 0)));
        var tokens = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK).AppTokens();

        Assert.Equal("invalid_grant", (await AskAsync(codes, seconds: 60)).Error());
        Assert.False(await app.IsLiveAsync(tokens));
    }

    [Fact]
    public async Task One_answer_counts_and_it_is_to_the_question_that_was_shown()
    {
        var codes = await BeginAsync();
        var question = await TypeAsync(browser, codes);
        // Somebody else signed in meanwhile, in the same browser.
        using var others = await app.BrowserAsync(await app.Users.SomebodyAsync());
        var subject = Regex.Match(question.Text, "name=\"subject\" value=\"([^\"]+)\"").Groups[1].Value;
        var asked = await others.SendFormAsync(await TypeAsync(others, codes), PagePath, ("act", "allow"), ("subject", subject));
        Assert.Contains("Allow Shop on your device?", asked.Text, StringComparison.Ordinal);
        Assert.Equal("authorization_pending", (await AskAsync(codes)).Error());

        var answers = await Task.WhenAll(
            browser.SendFormAsync(question, PagePath, ("act", "allow")),
            others.SendFormAsync(asked, PagePath, ("act", "allow"))
        );
        Assert.Single(answers, answer => answer.Text.Contains("Device connected", StringComparison.Ordinal));
        browser.Set("Sec-Fetch-Site", "cross-site");
        browser.Set("Origin", "https://evil.example.org");
        var forged = await browser.SendFormAsync(question, PagePath, ("act", "allow"));
        Assert.Equal(HttpStatusCode.Forbidden, forged.Status);
    }

    [Fact]
    public async Task A_code_is_typed_as_people_type_and_not_guessed()
    {
        var codes = await BeginAsync();
        var code = Text(codes, "user_code")!;
        foreach (
            var typed in new[] { code.ToLowerInvariant(), code.Replace("-", "", StringComparison.Ordinal), " " + code.Replace('-', ' ') }
        )
            Assert.Contains("Allow Shop", (await TypeAsync(browser, typed)).Text, StringComparison.Ordinal);
        for (var i = 0; i < 17; i++)
            AssertUnknown(await TypeAsync(browser, i % 2 == 0 ? "BCDF-GHJK" : "<script>"));
        var limited = await TypeAsync(browser, code);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.Status);
        // Another user is not kept waiting.
        using var other = await app.BrowserAsync(await app.Users.SomebodyAsync());
        Assert.Contains("Allow Shop", (await TypeAsync(other, code)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_client_that_may_begins()
    {
        var shop = await app.ApplicationAsync(administrator);
        Assert.Equal("unauthorized_client", (await app.OAuthAsync(DevicePath, shop, [("scope", "openid")])).Error());
        var wrong = await app.OAuthAsync(DevicePath, shop with { Secret = "wrong" }, [("scope", "openid")]);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (wrong.Status, wrong.Error()));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await app.Users.GetAsync(DevicePath)).Status);
        var confidential = await app.ApplicationAsync(administrator, new { deviceCode = true });
        Assert.Equal(HttpStatusCode.OK, (await app.OAuthAsync(DevicePath, confidential, [("scope", "openid")])).Status);
        using var stranger = new Browser(app);
        Assert.StartsWith(
            "/sign-in?returnUrl=",
            (await stranger.GetAsync(PagePath + "?user_code=BCDF-GHJK")).Location(),
            StringComparison.Ordinal
        );
        var document = (await app.Users.GetAsync("/.well-known/openid-configuration")).Body;
        Assert.Equal("http://localhost:8080" + DevicePath, Text(document, "device_authorization_endpoint"));
    }

    private const string GrantType = "urn:ietf:params:oauth:grant-type:device_code";

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private async Task<JsonElement> BeginAsync()
    {
        var answer = await app.OAuthAsync(DevicePath, television, [("scope", "openid profile email phone made-up")]);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        return answer.Body;
    }

    private async Task<Answer> AskAsync(JsonElement codes, int seconds = 6, TestApplication? by = null)
    {
        app.Clock.Advance(TimeSpan.FromSeconds(seconds));
        return await app.TokenAsync(by ?? television, [("grant_type", GrantType), ("device_code", Text(codes, "device_code")!)]);
    }

    private static Task<Answer> TypeAsync(Browser who, JsonElement codes) => TypeAsync(who, Text(codes, "user_code")!);

    private static Task<Answer> TypeAsync(Browser who, string code) => who.FillAsync(PagePath, PagePath, ("user_code", code));

    private async Task AllowAsync(JsonElement codes)
    {
        var done = await browser.SendFormAsync(await TypeAsync(browser, codes), PagePath, ("act", "allow"));
        Assert.Contains("Device connected", done.Text, StringComparison.Ordinal);
    }

    private static void AssertUnknown(Answer answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("No device waits with this code.", answer.Text, StringComparison.Ordinal);
    }
}
