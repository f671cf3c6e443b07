using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Recovery;

/// <summary>The pages of a forgotten password: asking, the code with the new password, another code.</summary>
[Collection<MovedTime>]
public sealed class ForgotPageTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task The_code_of_the_mail_and_a_new_password_open_the_account_again()
    {
        var person = await app.Users.SomebodyAsync();
        using var browser = new Browser(app);

        var page = await AskAsync(browser, person.Email);
        var code = (await app.Users.LetterAsync(person.Email, 2)).ResetCode;
        Assert.Matches("<button[^>]*data-wait=\"(60|5\\d)\"", page.Text);
        Assert.Contains("no-store", page.Header("Cache-Control"), StringComparison.Ordinal);
        var done = await browser.SendFormAsync(
            page,
            "/forgot/code",
            ("code", $" {code[..4]} {code[4..]} "),
            ("password", Resetting.NewPassword)
        );

        Assert.Equal((HttpStatusCode.SeeOther, "/forgot/done"), (done.Status, done.Location()));
        Assert.Contains(
            "You can now sign in with your new password",
            (await browser.GetAsync("/forgot/done")).Text,
            StringComparison.Ordinal
        );
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, Resetting.NewPassword)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(person.Tokens)).Status);
    }

    [Fact]
    public async Task An_unknown_address_gets_the_same_pages_as_a_known_one()
    {
        var person = await app.Users.SomebodyAsync();
        var texts = new List<string>();
        foreach (var identifier in new[] { person.Email, TestUsers.NewEmail() })
        {
            using var browser = new Browser(app);
            var asked = await AskAsync(browser, identifier);
            var wrong = await browser.SendFormAsync(asked, "/forgot/code", ("code", "00000000"), ("password", Resetting.NewPassword));
            var soon = await browser.SendFormAsync(asked, "/forgot/code/resend");
            Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.TooManyRequests), (wrong.Status, soon.Status));
            texts.Add(string.Join('\n', new[] { asked, wrong, soon }.Select(answer => Comparable(answer, identifier))));
        }

        Assert.Equal(texts[0], texts[1]);
        Assert.Contains("If an account exists", texts[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "Enter your e-mail address, phone number or username.")]
    [InlineData(255, "Use at most 254 characters.")]
    public async Task What_is_no_identifier_is_explained_beside_the_field_and_kept(int length, string text)
    {
        var identifier = new string('x', length);
        using var browser = new Browser(app);

        var answer = await browser.FillAsync("/forgot", "/forgot", ("identifier", identifier));

        Assert.Equal((HttpStatusCode.BadRequest, text), (answer.Status, answer.Beside("identifier")));
        Assert.Matches($"id=\"identifier\"[^>]*value=\"{identifier}\"", answer.Text);
    }

    [Fact]
    public async Task Rejections_stand_beside_their_fields_keep_the_code_and_never_show_the_password()
    {
        var (browser, page, code, _) = await StartAsync();
        using var _1 = browser;

        var wrong = await browser.SendFormAsync(
            page,
            "/forgot/code",
            ("code", TestUsers.WrongCode(code)),
            ("password", Resetting.NewPassword)
        );
        var weak = await browser.SendFormAsync(wrong, "/forgot/code", ("code", code), ("password", "brevity"));
        var empty = await browser.SendFormAsync(weak, "/forgot/code", ("code", ""), ("password", ""));

        Assert.Equal("Wrong code. Attempts left: 2.", wrong.Beside("code"));
        // The length that is asked for tells nobody of the account: it is the same before and after a rejection, with and without one.
        Assert.StartsWith("Use at least 15 characters", weak.Beside("password"), StringComparison.Ordinal);
        Assert.Contains("Use at least 15 characters. A sentence works well. If sign-in asks", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("8 characters", page.Text + wrong.Text + weak.Text + empty.Text, StringComparison.Ordinal);
        Assert.Matches($"id=\"code\"[^>]*value=\"{code}\"", weak.Text);
        Assert.Equal(("Enter the code from the message.", "Enter your password."), (empty.Beside("code"), empty.Beside("password")));
        Assert.All([wrong, weak], answer => Assert.DoesNotMatch("id=\"password\"[^>]*value", answer.Text));
        Assert.DoesNotContain("brevity", weak.Text, StringComparison.Ordinal);
        Assert.Equal(
            "/forgot/done",
            (await browser.SendFormAsync(empty, "/forgot/code", ("code", code), ("password", Resetting.NewPassword))).Location()
        );
    }

    [Fact]
    public async Task Another_code_can_be_had_after_its_wait_and_makes_the_first_void()
    {
        var (browser, page, code, email) = await StartAsync();
        using var _1 = browser;

        var soon = await browser.SendFormAsync(page, "/forgot/code/resend");
        Assert.Matches("<button[^>]*data-wait=\"(60|5\\d)\"", soon.Text);
        Assert.Contains("We just sent a code", soon.Text, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromSeconds(61));
        var resent = await browser.SendFormAsync(page, "/forgot/code/resend");

        Assert.Equal(HttpStatusCode.SeeOther, resent.Status);
        Assert.Matches(@"^/forgot/code\?id=[0-9a-f-]{36}&sent=true$", resent.Location());
        var again = await browser.GetAsync(resent.Location());
        Assert.Contains("we have sent another code", again.Text, StringComparison.Ordinal);
        var newest = (await app.Users.LetterAsync(email, 3)).ResetCode;
        if (newest != code)
            Assert.NotEqual(
                "",
                (await browser.SendFormAsync(again, "/forgot/code", ("code", code), ("password", Resetting.NewPassword))).Beside("code")
            );
        Assert.Equal(
            "/forgot/done",
            (await browser.SendFormAsync(again, "/forgot/code", ("code", newest), ("password", Resetting.NewPassword))).Location()
        );
    }

    [Fact]
    public async Task A_used_up_code_leads_to_another_one_and_where_there_is_no_other_to_the_start()
    {
        var (browser, page, code, email) = await StartAsync();
        using var _1 = browser;
        for (var i = 0; i < 3; i++)
            await browser.SendFormAsync(page, "/forgot/code", ("code", TestUsers.WrongCode(code)), ("password", Resetting.NewPassword));

        var exhausted = await browser.SendFormAsync(page, "/forgot/code", ("code", code), ("password", Resetting.NewPassword));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, exhausted.Status);
        Assert.Contains("This code no longer works. Send another code.", exhausted.Text, StringComparison.Ordinal);
        Assert.Contains("action=\"/forgot/code/resend\"", exhausted.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/forgot/code\"", exhausted.Text, StringComparison.Ordinal);

        for (var number = 3; number <= 6; number++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(5));
            var resent = await browser.SendFormAsync(page, "/forgot/code/resend");
            Assert.Equal(HttpStatusCode.SeeOther, resent.Status);
            await app.Users.LetterAsync(email, number);
            // After the last one there is no button for another.
            Assert.Equal(
                number < 6,
                (await browser.GetAsync(resent.Location())).Text.Contains("action=\"/forgot/code/resend\"", StringComparison.Ordinal)
            );
        }

        app.Clock.Advance(TimeSpan.FromMinutes(5));
        var usedUp = await browser.SendFormAsync(page, "/forgot/code/resend");
        Assert.Equal(HttpStatusCode.Conflict, usedUp.Status);
        Assert.Contains("No more codes can be sent.", usedUp.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/forgot\"", usedUp.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_nobody_made_and_those_of_somewhere_else_are_over()
    {
        using var browser = new Browser(app);
        var page = await AskAsync(browser, TestUsers.NewEmail());
        var unknown = Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString();

        AssertOver(await browser.GetAsync("/forgot/code"), "has expired");
        AssertOver(await browser.GetAsync("/forgot/code?id=x"), "has expired");
        foreach (var id in new[] { "", "x", unknown, "\"><script>alert(1)</script>" })
        {
            var answer = await browser.SendFormAsync(
                page,
                "/forgot/code",
                ("id", id),
                ("code", "12345678"),
                ("password", Resetting.NewPassword)
            );
            var resent = await browser.SendFormAsync(page, "/forgot/code/resend", ("id", id));
            Assert.All([answer, resent], a => Assert.Equal(HttpStatusCode.NotFound, a.Status));
            AssertOver(answer, "has expired");
            AssertOver(resent, "has expired");
            Assert.DoesNotContain("<script>", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_form_of_another_site_asks_for_nothing()
    {
        var person = await app.Users.SomebodyAsync();
        using var browser = new Browser(app);
        var page = await browser.GetAsync("/forgot");
        browser.Set("Sec-Fetch-Site", "cross-site");

        var forged = await browser.SendFormAsync(page, "/forgot", ("identifier", person.Email));

        Assert.Equal(HttpStatusCode.Forbidden, forged.Status);
        Assert.Equal(
            0L,
            await app.ScalarAsync<long>("select count(*) from audit.records where subject = $1 and action like 'password.%'", person.UserId)
        );
    }

    private static void AssertOver(Answer answer, string text)
    {
        Assert.Contains(text, answer.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/forgot\"", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"password\"", answer.Text, StringComparison.Ordinal);
    }

    private static string Comparable(Answer answer, string identifier) =>
        Regex.Replace(
            Regex.Replace(
                answer.Text.Replace(identifier, "typed", StringComparison.Ordinal),
                "name=\"form-token\" value=\"[^\"]*\"",
                "token"
            ),
            "[0-9a-f]{8}-[0-9a-f-]{27}|data-wait=\"\\d+\"|again in \\d+ seconds",
            "id"
        );

    private static async Task<Answer> AskAsync(Browser browser, string identifier)
    {
        var asked = await browser.FillAsync("/forgot", "/forgot", ("identifier", identifier));
        Assert.Equal(HttpStatusCode.SeeOther, asked.Status);
        Assert.Matches(@"^/forgot/code\?id=[0-9a-f-]{36}$", asked.Location());
        return await browser.GetAsync(asked.Location());
    }

    private async Task<(Browser Browser, Answer Page, string Code, string Email)> StartAsync()
    {
        var person = await app.Users.SomebodyAsync();
        var browser = new Browser(app);
        var page = await AskAsync(browser, person.Email);
        return (browser, page, (await app.Users.LetterAsync(person.Email, 2)).ResetCode, person.Email);
    }
}
