using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity;

/// <summary>From the start page to the account and out again, by forms alone: no script runs here.</summary>
[Collection<MovedTime>]
public sealed class SignUpPagesTests(RunningApp running)
{
    private static readonly string[] Fields = ["name", "email", "username", "password"];

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_user_signs_up_enters_the_code_and_is_signed_in()
    {
        var email = TestUsers.NewEmail();
        using var browser = new Browser(app);

        var started = await SubmitAsync(browser, "/sign-up", ("name", "Ada"), ("email", email), ("password", TestUsers.Password));
        Assert.Equal(HttpStatusCode.SeeOther, started.Status);
        var next = started.Header("Location");
        Assert.Matches("^/sign-up/code\\?id=[0-9a-f-]{36}$", next);
        Assert.Matches("data-wait=\"(60|5\\d)\"", (await browser.GetAsync(next)).Text);

        var id = Regex.Match(next, "id=([0-9a-f-]+)").Groups[1].Value;
        var code = (await app.Users.LetterAsync(email)).Code;
        var wrong = await SubmitAsync(browser, "/sign-up/code", ("id", id), ("code", TestUsers.WrongCode(code)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal("Wrong code. Attempts left: 4.", wrong.Beside("code"));

        var right = await SubmitAsync(browser, "/sign-up/code", ("id", id), ("code", $" {code[..3]} {code[3..]} "));
        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (right.Status, right.Header("Location")));
        Assert.Equal("Ada", (await browser.GetAsync("/v1/me")).Body.GetProperty("name").GetString());
        Assert.Equal("/account", (await browser.GetAsync("/")).Header("Location"));
    }

    [Fact]
    public async Task Every_rejection_of_the_sign_up_stands_on_the_page_and_what_was_typed_is_kept_but_the_password()
    {
        await app.Users.RegisteredUserAsync(TestUsers.NewEmail(), "page-taken");
        using var browser = new Browser(app);

        var refused = await SubmitAsync(
            browser,
            "/sign-up",
            ("name", "<script>alert(1)</script>"),
            ("email", "nobody"),
            ("username", "_"),
            ("password", "too short!")
        );
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        foreach (
            var text in new[]
            {
                "Enter a valid e-mail address.",
                "Use at least 15 characters.",
                "and . _ - between them.",
                "value=\"nobody\"",
                "&lt;script&gt;",
            }
        )
            Assert.Contains(text, refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("too short!", refused.Text, StringComparison.Ordinal);

        var taken = await SubmitAsync(
            browser,
            "/sign-up",
            ("name", "Ada"),
            ("email", TestUsers.NewEmail()),
            ("username", "page-taken"),
            ("password", TestUsers.Password)
        );
        Assert.Contains("id=\"username-error\"", taken.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("hi")]
    [InlineData("es")]
    public async Task Every_rejection_stands_beside_its_field_in_the_users_language(string language)
    {
        var taken = "taken_" + language;
        await app.Users.RegisteredUserAsync(TestUsers.NewEmail(), taken);
        using var browser = new Browser(app);
        browser.Set("Accept-Language", language);

        var empty = await browser.FillAsync("/sign-up", "/sign-up", ("name", ""), ("email", ""), ("username", "_"), ("password", ""));
        var wrong = await browser.FillAsync(
            "/sign-up",
            "/sign-up",
            ("name", "A\u0007"),
            ("email", "nobody"),
            ("username", "ab"),
            ("password", "password")
        );
        var late = await browser.FillAsync(
            "/sign-up",
            "/sign-up",
            ("name", "Ada"),
            ("email", TestUsers.NewEmail()),
            ("username", taken),
            ("password", TestUsers.Password)
        );
        var told = new[] { empty, wrong }.SelectMany(page => Fields.Select(page.Beside)).Append(late.Beside("username")).ToList();

        Assert.All(told, text => Assert.True(text.Contains(' ', StringComparison.Ordinal), $"'{text}' is no sentence"));
        if (language != "en")
            Assert.DoesNotContain(
                told,
                text => text.Contains(" the ", StringComparison.Ordinal) || text.Contains("at least", StringComparison.Ordinal)
            );
        Assert.Matches("id=\"email\"[^>]*value=\"nobody\"[^>]*aria-describedby=\"email-error\" aria-invalid=\"true\"", wrong.Text);
        Assert.DoesNotMatch("id=\"password\"[^>]*value", wrong.Text);
    }

    [Theory]
    [InlineData("{0}-{1}")]
    [InlineData(" {0} {1} ")]
    [InlineData("{0}{1} is your Gatehouse code")]
    [InlineData("Gatehouse, 2026: your code is {0} {1}.")]
    public async Task A_code_is_found_in_what_was_pasted(string pasted)
    {
        var email = TestUsers.NewEmail();
        using var browser = new Browser(app);
        var started = await app.Users.RegisterAsync(email);
        var code = (await app.Users.LetterAsync(email)).Code;

        var right = await SubmitAsync(
            browser,
            "/sign-up/code",
            ("id", started.RegistrationId.ToString()),
            ("code", string.Format(System.Globalization.CultureInfo.InvariantCulture, pasted, code[..3], code[3..]))
        );

        Assert.Equal("/account", right.Header("Location"));
    }

    [Fact]
    public async Task What_is_no_code_is_kept_as_it_was_typed()
    {
        using var browser = new Browser(app);
        var started = await app.Users.RegisterAsync(TestUsers.NewEmail());

        foreach (var typed in new[] { "<b>12345", "1234567", "", new string('1', 5000), "१२३४५६" })
        {
            var refused = await SubmitAsync(browser, "/sign-up/code", ("id", started.RegistrationId.ToString()), ("code", typed));
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.NotEqual("", refused.Beside("code"));
            Assert.Contains(
                $"value=\"{WebUtility.HtmlEncode(typed)}\"",
                WebUtility.HtmlDecode(refused.Text).Replace("<b>", "&lt;b&gt;", StringComparison.Ordinal),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task A_code_sent_twice_signs_in_and_a_registration_that_was_completed_elsewhere_leads_to_sign_in()
    {
        var email = TestUsers.NewEmail();
        using var browser = new Browser(app);
        using var other = new Browser(app);
        var id = (await app.Users.RegisterAsync(email)).RegistrationId.ToString();
        var code = (await app.Users.LetterAsync(email)).Code;

        var first = await SubmitAsync(browser, "/sign-up/code", ("id", id), ("code", code));
        var second = await SubmitAsync(browser, "/sign-up/code", ("id", id), ("code", code));
        var elsewhere = await SubmitAsync(other, "/sign-up/code", ("id", id), ("code", code));

        Assert.All(
            [first, second],
            answer => Assert.Equal((HttpStatusCode.SeeOther, "/account"), (answer.Status, answer.Header("Location")))
        );
        Assert.Equal(HttpStatusCode.Conflict, elsewhere.Status);
        Assert.Matches("<main.*class=\"button\" href=\"/sign-in\".*</main>", elsewhere.Text.ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task The_wait_for_another_code_goes_on_when_the_page_is_loaded_again_or_a_code_was_wrong()
    {
        var email = TestUsers.NewEmail();
        using var browser = new Browser(app);
        var next = (await SubmitAsync(browser, "/sign-up", ("name", "Ada"), ("email", email), ("password", TestUsers.Password))).Header(
            "Location"
        );
        app.Clock.Advance(TimeSpan.FromSeconds(30));

        var again = await browser.GetAsync(next);
        var wrong = await browser.SendFormAsync(
            again,
            "/sign-up/code",
            ("code", TestUsers.WrongCode((await app.Users.LetterAsync(email)).Code))
        );

        Assert.All(
            [again, wrong],
            page =>
            {
                Assert.Matches("data-wait=\"(30|[12]\\d)\"", page.Text);
                Assert.Matches("<noscript><p[^>]*>Try again in (30|[12]\\d) seconds.</p></noscript>", page.Text);
            }
        );
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.DoesNotContain("data-wait", (await browser.GetAsync(next)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_code_is_sent_after_the_wait_and_a_registration_that_has_expired_leads_to_a_new_one()
    {
        var email = TestUsers.NewEmail();
        using var browser = new Browser(app);
        var started = await app.Users.RegisterAsync(email);
        var id = started.RegistrationId.ToString();

        var early = await SubmitAsync(browser, "/sign-up/code/resend", ("id", id));
        Assert.Equal(HttpStatusCode.TooManyRequests, early.Status);
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        var sent = await SubmitAsync(browser, "/sign-up/code/resend", ("id", id));
        Assert.Matches($"^/sign-up/code\\?id={id}&sent=true$", sent.Header("Location"));
        Assert.Contains("We have sent another code.", (await browser.GetAsync(sent.Header("Location"))).Text, StringComparison.Ordinal);

        foreach (var over in new[] { "x", Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString() })
        {
            var gone = await SubmitAsync(browser, "/sign-up/code", ("id", over), ("code", "123456"));
            Assert.Equal(HttpStatusCode.NotFound, gone.Status);
            Assert.Contains("href=\"/sign-up\"", gone.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, "/account")]
    [InlineData("/account/activity?x=1", "/account/activity?x=1")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    public async Task Signing_in_leads_on_within_this_server_only(string? returnUrl, string onward)
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email);
        using var browser = new Browser(app);

        var signedIn = await SubmitAsync(
            browser,
            "/sign-in",
            ("identifier", email),
            ("password", TestUsers.Password),
            ("returnUrl", returnUrl ?? "")
        );

        Assert.Equal((HttpStatusCode.SeeOther, onward), (signedIn.Status, signedIn.Header("Location")));
        Assert.Equal(
            onward,
            (await browser.GetAsync("/sign-in" + (returnUrl is null ? "" : "?returnUrl=" + Uri.EscapeDataString(returnUrl)))).Header(
                "Location"
            )
        );
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("", false)]
    public async Task Who_wants_to_stay_signed_in_gets_cookies_that_outlive_the_browser(string remember, bool outlives)
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email);
        using var browser = new Browser(app);

        var signedIn = await SubmitAsync(
            browser,
            "/sign-in",
            ("identifier", email),
            ("password", TestUsers.Password),
            ("remember", remember)
        );

        var cookie = signedIn
            .Response.Headers.GetValues("Set-Cookie")
            .Single(c => c.StartsWith("__Host-gatehouse-refresh", StringComparison.Ordinal));
        Assert.Equal(outlives, cookie.Contains("max-age=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_password_is_told_on_the_page_and_not_kept()
    {
        using var browser = new Browser(app);

        var refused = await SubmitAsync(browser, "/sign-in", ("identifier", "some-body"), ("password", "not the password at all"));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Contains("Wrong e-mail address, username or password", refused.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"some-body\"", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("not the password at all", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_works_however_broken_the_cookies_are()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email);
        using var browser = new Browser(app);
        await SubmitAsync(browser, "/sign-in", ("identifier", email), ("password", TestUsers.Password));
        var held = browser.Cookies["__Host-gatehouse-refresh"];

        browser.SetCookie("__Host-gatehouse-access", "broken");
        var signedOut = await SubmitAsync(browser, "/sign-out");
        Assert.Equal((HttpStatusCode.SeeOther, "/signed-out"), (signedOut.Status, signedOut.Header("Location")));
        Assert.DoesNotContain("__Host-gatehouse-refresh", browser.Cookies.Keys);
        Assert.Equal("/sign-in?returnUrl=%2Faccount", (await browser.GetAsync("/account")).Header("Location"));

        browser.SetCookie("__Host-gatehouse-refresh", held);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostAsync("/v1/tokens/refresh", new { transport = "cookie" })).Status);
        browser.SetCookie("__Host-gatehouse-refresh", "rubbish");
        Assert.Equal("/signed-out", (await SubmitAsync(browser, "/sign-out")).Header("Location"));
    }

    private static Task<Answer> SubmitAsync(Browser browser, string path, params (string Name, string Value)[] fields) =>
        browser.SubmitAsync(path, fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
}
