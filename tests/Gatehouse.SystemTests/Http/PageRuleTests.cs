using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Http;

/// <summary>What holds for every page, whatever is on it.</summary>
public sealed class PageRuleTests(RunningApp running)
{
    private static readonly string Markup = "\"><script>alert(1)</script>" + new string('x', 300);

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-up")]
    [InlineData("/sign-up/code?id=x")]
    [InlineData("/register/confirm?token=x")]
    [InlineData("/sign-in")]
    [InlineData("/signed-out")]
    [InlineData("/forgot")]
    [InlineData("/forgot/code?id=x")]
    [InlineData("/forgot/done")]
    [InlineData("/reset?id=x&token=y")]
    [InlineData("/account")]
    [InlineData("/account/activity")]
    [InlineData("/inbox")]
    [InlineData("/nowhere")]
    public async Task No_page_can_be_framed_kept_or_made_to_run_a_foreign_script(string path)
    {
        var person = await app.Users.SomebodyAsync();
        using var browser = new Browser(app);
        browser.Set("Accept", "text/html");
        if (path.StartsWith("/account", StringComparison.Ordinal))
            await browser.SignInAsync(person.Email);

        var page = await browser.GetAsync(path);

        Assert.Contains("<main", page.Text, StringComparison.Ordinal);
        Assert.Equal("DENY", page.Header("X-Frame-Options"));
        Assert.Contains("no-store", page.Header("Cache-Control"), StringComparison.Ordinal);
        var policy = page.Header("Content-Security-Policy");
        Assert.All(
            ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'"],
            part => Assert.Contains(part, policy, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sign-up", "name", "email", "username")]
    [InlineData("/sign-up/code", "id", "code", "username")]
    [InlineData("/sign-up/code/resend", "id")]
    [InlineData("/register/confirm", "token", "password", "username")]
    [InlineData("/sign-in", "identifier", "returnUrl", "remember")]
    [InlineData("/forgot", "identifier")]
    [InlineData("/forgot/code", "id", "code")]
    [InlineData("/forgot/code/resend", "id")]
    [InlineData("/reset", "id", "token")]
    [InlineData("/language", "language", "returnUrl")]
    public async Task Markup_in_every_field_of_every_form_is_shown_as_text(string action, params string[] fields)
    {
        using var browser = new Browser(app);
        browser.Set("Accept", "text/html");

        var answer = await browser.SubmitAsync(action, fields.Select(field => KeyValuePair.Create(field, Markup)));

        Assert.InRange((int)answer.Status, 400, 499);
        Assert.Contains("<main", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sign-up")]
    [InlineData("/sign-up/code")]
    [InlineData("/sign-up/code/resend")]
    [InlineData("/register/confirm")]
    [InlineData("/sign-in")]
    [InlineData("/sign-out")]
    [InlineData("/forgot")]
    [InlineData("/forgot/code")]
    [InlineData("/forgot/code/resend")]
    [InlineData("/reset")]
    [InlineData("/account")]
    [InlineData("/account/sessions/end")]
    [InlineData("/account/sessions/end-others")]
    public async Task No_form_is_believed_that_another_site_or_no_page_of_ours_sent(string action)
    {
        var person = await app.Users.SomebodyAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(person.Email);

        foreach (
            var (header, value) in new[]
            {
                ("Sec-Fetch-Site", "cross-site"),
                ("Sec-Fetch-Site", "same-site"),
                ("Origin", "https://evil.example"),
            }
        )
        {
            using var forger = new Browser(app);
            foreach (var (name, cookie) in browser.Cookies)
                forger.SetCookie(name, cookie);
            forger.Set(header, value);
            Assert.Equal(HttpStatusCode.Forbidden, (await forger.SubmitAsync(action, [])).Status);
        }

        await browser.GetAsync("/sign-up");
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await browser.SendAsync(HttpMethod.Post, action, new FormUrlEncodedContent([KeyValuePair.Create("form-token", "x")]))).Status
        );
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task What_a_mail_holds_runs_nowhere()
    {
        var id = Guid.CreateVersion7(app.Clock.GetUtcNow());
        await app.ExecuteAsync(
            """
            insert into notifications.inbox_messages (tenant_id, id, channel, recipient, subject, text, html, sent_at)
            values (gen_random_uuid(), $1, 'email', 'markup@example.com', $2, $2, $2, now())
            """,
            id,
            Markup
        );
        using var browser = new Browser(app);

        var list = await browser.GetAsync("/inbox?to=markup@example.com");
        var mail = await browser.GetAsync($"/inbox/messages/{id}");

        Assert.Contains("&lt;script&gt;alert", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", list.Text, StringComparison.Ordinal);
        Assert.Equal(Markup, mail.Text);
        Assert.StartsWith(
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:;",
            mail.Header("Content-Security-Policy"),
            StringComparison.Ordinal
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await browser.GetAsync($"/inbox/messages/{Guid.CreateVersion7(app.Clock.GetUtcNow())}")).Status
        );
    }
}
