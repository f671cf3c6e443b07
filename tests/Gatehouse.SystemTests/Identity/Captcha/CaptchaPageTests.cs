using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Identity.Captcha;

/// <summary>Pages that show a captcha. The providers' scripts are stand-ins: nothing leaves the machine.</summary>
public sealed class CaptchaPageTests(CaptchaApp running) : IClassFixture<CaptchaApp>, IDisposable
{
    private const string Turnstile = "https://challenges.cloudflare.com";
    private const string Google = "https://www.google.com/recaptcha/";

    private readonly TestApp app = running.App;
    private readonly CaptchaServer server = running.Server;

    public void Dispose()
    {
        server.Answer = null;
        server.Requests.Clear();
    }

    [Theory]
    [InlineData("/sign-up", "registration")]
    [InlineData("/forgot", "password_reset")]
    [InlineData("/sign-in", "sign_in")]
    public async Task A_page_that_asks_for_it_shows_it_and_allows_the_provider_alone(string path, string action)
    {
        using var browser = new Browser(app);

        var page = await browser.GetAsync(path);

        Assert.Contains(
            $"<div class=\"captcha cf-turnstile\" data-sitekey=\"{CaptchaApp.SiteKey}\" data-action=\"{action}\" data-language=\"en\">",
            page.Text,
            StringComparison.Ordinal
        );
        Assert.Contains("<noscript>", page.Text, StringComparison.Ordinal);
        Assert.Contains("needs JavaScript", page.Text, StringComparison.Ordinal);
        Assert.Contains($"<script src=\"{Turnstile}/turnstile/v0/api.js\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(CaptchaServer.Secret, page.Text, StringComparison.Ordinal);
        Assert.Equal(
            $"default-src 'none'; style-src 'self'; script-src {Turnstile} 'self'; img-src 'self' data:; font-src 'self'; "
                + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
                + $"frame-src {Turnstile}",
            page.Header("Content-Security-Policy")
        );
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/signed-out")]
    [InlineData("/sign-up/code?id=x")]
    [InlineData("/forgot/code?id=x")]
    [InlineData("/reset?id=x&token=y")]
    public async Task No_other_page_allows_anything_foreign(string path)
    {
        using var browser = new Browser(app);
        browser.Set("Accept", "text/html");

        var page = await browser.GetAsync(path);

        Assert.DoesNotContain("https://", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain(Turnstile, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_score_is_asked_for_at_sign_in_only_after_a_rejection()
    {
        using var browser = new Browser(running.Strict);
        var page = await browser.GetAsync("/forgot");
        Assert.Contains(
            $"<input type=\"hidden\" name=\"captchaToken\" data-captcha=\"{CaptchaApp.SiteKey}\" data-action=\"password_reset\"",
            page.Text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"script-src {Google} https://www.gstatic.com/recaptcha/ 'self'",
            page.Header("Content-Security-Policy"),
            StringComparison.Ordinal
        );
        Assert.Contains($"connect-src {Google} 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);

        var email = TestUsers.NewEmail();
        (string, string)[] typed = [("identifier", email), ("password", "wrong")];
        Assert.DoesNotContain("data-captcha", (await browser.GetAsync("/sign-in")).Text, StringComparison.Ordinal);
        var wrong = await browser.FillAsync("/sign-in", "/sign-in", typed);
        Assert.Contains("data-captcha", wrong.Text, StringComparison.Ordinal);
        var again = await browser.SendFormAsync(wrong, "/sign-in", typed);
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Contains("complete the captcha", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_with_the_token_goes_on_and_one_without_says_what_is_missing()
    {
        using var browser = new Browser(app);
        var typed = ("identifier", TestUsers.NewEmail());

        var missing = await browser.FillAsync("/forgot", "/forgot", typed);
        Assert.Equal(HttpStatusCode.BadRequest, missing.Status);
        Assert.Contains("complete the captcha", missing.Text, StringComparison.Ordinal);

        var rejected = await browser.SendFormAsync(missing, "/forgot", typed, ("cf-turnstile-response", "0.bad"));
        Assert.Contains("The captcha was not accepted", rejected.Text, StringComparison.Ordinal);

        var passed = await browser.SendFormAsync(rejected, "/forgot", typed, ("cf-turnstile-response", CaptchaServer.Good));
        Assert.Equal(HttpStatusCode.SeeOther, passed.Status);
    }

    [Fact]
    public async Task The_script_of_turnstile_puts_its_token_into_the_form()
    {
        await using var visit = await Visit.StartAsync(app);
        await StandInAsync(
            visit,
            Turnstile + "/turnstile/v0/api.js",
            $$"""
            for (const place of document.querySelectorAll('.cf-turnstile'))
              place.innerHTML = '<p>stand-in</p><input type="hidden" name="cf-turnstile-response" value="{{CaptchaServer.Good}}">';
            """
        );
        await visit.Page.GotoAsync("/forgot");
        await visit.Page.GetByText("stand-in").WaitForAsync();
        await visit.LookAsync("captcha");
        await visit.Page.FillAsync("#identifier", TestUsers.NewEmail());
        await visit.Page.ClickAsync("#form button[type=submit]");
        await visit.ArriveAsync("/forgot/code");
    }

    [Fact]
    public async Task A_score_is_asked_of_recaptcha_when_the_form_is_sent()
    {
        server.Answer = CaptchaServer.Body("""{"success":true,"score":0.9,"action":"password_reset"}""");
        await using var visit = await Visit.StartAsync(running.Strict);
        await StandInAsync(
            visit,
            Google + "api.js?render=" + CaptchaApp.SiteKey,
            """
            window.grecaptcha = { ready: then => then(), execute: async (key, { action }) => `${key}.${action}` };
            document.documentElement.dataset.ready = 'true';
            """
        );
        await visit.Page.GotoAsync("/forgot");
        await visit.Page.Locator("html[data-ready]").WaitForAsync();
        await visit.Page.FillAsync("#identifier", TestUsers.NewEmail());
        await visit.Page.ClickAsync("#form button[type=submit]");
        await visit.ArriveAsync("/forgot/code");

        Assert.Equal(CaptchaApp.SiteKey + ".password_reset", Assert.Single(server.Requests).Fields["response"]);
    }

    private static async Task StandInAsync(Visit visit, string script, string body) =>
        await visit.Page.RouteAsync(
            url => url == script,
            route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/javascript", Body = body })
        );
}
