using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Verification;

/// <summary>What the pages of codes and links say when they are opened, and how their forms behave, for every purpose.</summary>
[Collection<MovedTime>]
public sealed class VerificationPageTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sign_up_form_that_is_sent_twice_begins_one_registration_and_sends_one_mail(bool atOnce)
    {
        var email = TestUsers.NewEmail();
        using var browser = new Browser(app);
        var page = await browser.GetAsync("/sign-up");

        Answer[] answers = atOnce
            ? await Task.WhenAll(SignUpAsync(browser, page, email), SignUpAsync(browser, page, email))
            : [await SignUpAsync(browser, page, email), await SignUpAsync(browser, page, email)];

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.SeeOther, answer.Status));
        Assert.All(
            answers,
            answer => Assert.StartsWith("__Host-gatehouse-identifier=", answer.Header("Set-Cookie"), StringComparison.Ordinal)
        );
        Assert.Matches("^/sign-up/code\\?id=[0-9a-f-]{36}$", Assert.Single(answers.Select(answer => answer.Location()).Distinct()));
        await app.Users.LetterAsync(email);
        await app.QuietAsync();
        Assert.Single(await app.Users.LettersAsync(email));
    }

    [Fact]
    public async Task A_sign_up_form_that_is_corrected_or_opened_anew_is_another_one()
    {
        var (wrong, right) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        using var browser = new Browser(app);
        var page = await browser.GetAsync("/sign-up");

        var rejected = await SignUpAsync(browser, page, "nobody");
        var answers = new[]
        {
            await SignUpAsync(browser, page, wrong),
            await SignUpAsync(browser, page, right),
            await SignUpAsync(browser, await browser.GetAsync("/sign-up"), right),
            await browser.SendFormAsync(
                page,
                "/sign-up",
                ("name", "Ada"),
                ("email", right),
                ("password", TestUsers.Password),
                ("form-id", "x")
            ),
        };

        Assert.Equal(HttpStatusCode.BadRequest, rejected.Status);
        Assert.All(answers, answer => Assert.StartsWith("/sign-up/code?id=", answer.Location(), StringComparison.Ordinal));
        Assert.Equal(4, answers.Select(answer => answer.Location()).Distinct().Count());
    }

    [Theory]
    [InlineData("/sign-up", "name", "email", "username")]
    [InlineData("/sign-in", "identifier")]
    [InlineData("/forgot", "identifier")]
    public async Task Another_language_in_the_middle_of_a_form_keeps_what_was_typed_and_no_password(string path, params string[] fields)
    {
        using var browser = new Browser(app);
        var page = await browser.GetAsync(path);
        var choice = First(page, "<button form=\"form\" formaction=\"([^\"]+)\" formnovalidate");
        Assert.Contains("<form id=\"form\"", page.Text, StringComparison.Ordinal);

        var typed = fields.Select(field => (field, field + " <b>&")).Append(("password", "never kept"));
        var chosen = await ChooseSpanishAsync(browser, choice, [.. typed]);
        var again = await browser.GetAsync(chosen.Location());
        var later = await browser.GetAsync(path);

        Assert.Equal(path, chosen.Location());
        Assert.Contains("<html lang=\"es\">", again.Text, StringComparison.Ordinal);
        Assert.All(fields, field => Assert.Matches($"id=\"{field}\"[^>]*value=\"{field} &lt;b&gt;&amp;\"", again.Text));
        Assert.DoesNotContain("never kept", again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("aria-invalid", again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("&lt;b&gt;", later.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_on_one_page_does_not_appear_on_another_and_rubbish_in_the_cookie_is_nothing()
    {
        using var browser = new Browser(app);
        await ChooseSpanishAsync(browser, "/language?returnUrl=%2Fforgot", ("identifier", "typed"));

        Assert.DoesNotContain("\"typed\"", (await browser.GetAsync("/sign-in")).Text, StringComparison.Ordinal);
        browser.SetCookie("__Host-gatehouse-typed", "rubbish");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/forgot")).Status);
    }

    [Fact]
    public async Task After_a_rejection_the_emptied_password_is_asked_for_again()
    {
        var link = (await LetterOfRegistrationAsync()).Letter.LinkToken;
        using var browser = new Browser(app);

        var rejected = new[]
        {
            await browser.FillAsync("/sign-up", "/sign-up", ("name", "Ada"), ("email", "nobody"), ("password", TestUsers.Password)),
            await browser.FillAsync("/sign-in", "/sign-in", ("identifier", "nobody"), ("password", TestUsers.Password)),
            await browser.FillAsync("/forgot", "/forgot", ("identifier", "nobody-at-all")),
        };
        var reset = await browser.GetAsync(rejected[2].Location());
        Assert.DoesNotContain("again", Hint(reset), StringComparison.Ordinal);
        rejected[2] = await browser.SendFormAsync(reset, "/forgot/code", ("code", "00000000"), ("password", Resetting.NewPassword));

        Assert.All(rejected, page => Assert.Equal("Enter your password again.", Hint(page)));
        var confirm = await browser.GetAsync($"/register/confirm?token={link}");
        var wrong = await browser.SendFormAsync(confirm, "/register/confirm", ("password", "not the one that was chosen"));
        Assert.Equal("This is not the password you chose. Attempts left: 4.", wrong.Beside("password"));
    }

    [Fact]
    public async Task Empty_fields_are_asked_for_by_name()
    {
        var link = (await LetterOfRegistrationAsync()).Letter.LinkToken;
        using var browser = new Browser(app);

        var signUp = await browser.FillAsync("/sign-up", "/sign-up", ("name", " "), ("email", ""), ("password", ""));
        var signIn = await browser.FillAsync("/sign-in", "/sign-in", ("identifier", ""), ("password", ""));
        var confirm = await browser.FillAsync($"/register/confirm?token={link}", "/register/confirm", ("password", ""));

        Assert.Equal(("Enter your name.", "Enter your e-mail address."), (signUp.Beside("name"), signUp.Beside("email")));
        Assert.Equal("Enter your e-mail address, phone number or username.", signIn.Beside("identifier"));
        Assert.All([signUp, signIn, confirm], page => Assert.Equal("Enter your password.", page.Beside("password")));
        Assert.All([signUp, signIn, confirm], page => Assert.DoesNotContain("page.required", page.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_field_of_a_page_that_must_be_filled_in_has_a_text_that_asks_for_it()
    {
        var known = app.Services.GetRequiredService<Gatehouse.Web.MessageCatalog>().Codes("en");
        using var browser = new Browser(app);
        var (id, letter) = await LetterOfRegistrationAsync();
        var fields = new HashSet<string>(StringComparer.Ordinal);
        string[] paths = ["/sign-up", "/sign-in", "/forgot", $"/sign-up/code?id={id}", $"/register/confirm?token={letter.LinkToken}"];
        foreach (var path in paths)
        {
            var page = await browser.GetAsync(path);
            fields.UnionWith(Regex.Matches(page.Text, "<input id=\"(\\w+)\"[^>]*required").Select(field => field.Groups[1].Value));
        }

        Assert.Superset(new HashSet<string>(["name", "password", "identifier", "code"], StringComparer.Ordinal), fields);
        Assert.All(fields, field => Assert.Contains($"page.required.{field}", known));
    }

    [Theory]
    [InlineData("/sign-up/code", "/sign-up")]
    [InlineData("/forgot/code", "/forgot")]
    public async Task The_page_of_a_code_that_is_missing_or_over_says_so_when_it_is_opened(string path, string start)
    {
        using var browser = new Browser(app);
        foreach (var query in new[] { "", "?id=", "?id=x", $"?id={Guid.CreateVersion7(app.Clock.GetUtcNow())}" })
        {
            var page = await browser.GetAsync(path + query);
            Assert.Contains("has expired. Start over.", page.Text, StringComparison.Ordinal);
            Assert.Contains($"class=\"button\" href=\"{start}\"", page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("name=\"code\"", page.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_code_that_has_expired_or_is_used_up_says_so_when_its_page_is_opened_and_a_decoy_looks_the_same(bool reset)
    {
        var known = (await app.Users.SomebodyAsync()).Email;
        var texts = new List<string>();
        foreach (var email in new[] { known, TestUsers.NewEmail() })
        {
            using var browser = new Browser(app);
            var (form, path) = reset ? ("/forgot", "/forgot/code") : ("/sign-up", "/sign-up/code");
            var begun = reset
                ? await browser.FillAsync(form, form, ("identifier", email))
                : await SignUpAsync(browser, await browser.GetAsync(form), email);
            await app.QuietAsync();
            var open = await browser.GetAsync(begun.Location());
            Assert.Contains("class=\"code\"", open.Text, StringComparison.Ordinal);

            for (var attempt = 0; attempt < 5; attempt++)
                await browser.SendFormAsync(open, path, ("code", reset ? "00000000" : "000000"), ("password", Resetting.NewPassword));
            var usedUp = await browser.GetAsync(begun.Location());
            AssertClosed(usedUp, path, "This code no longer works. Send another code.");
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            var resent = await browser.SendFormAsync(usedUp, path + "/resend");
            await app.QuietAsync();
            Assert.Contains("class=\"code\"", (await browser.GetAsync(resent.Location())).Text, StringComparison.Ordinal);

            app.Clock.Advance(TimeSpan.FromMinutes(10));
            var expired = await browser.GetAsync(resent.Location());
            AssertClosed(expired, path, "This code has expired. Send another code.");
            texts.Add(string.Join('\n', new[] { open, usedUp, expired }.Select(page => Comparable(page, email))));
        }

        Assert.Equal(texts[0], texts[1]);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task The_page_of_a_code_says_that_it_is_complete_in_the_browser_that_did_it_alone(bool reset, bool byLink)
    {
        using var browser = new Browser(app);
        var email = reset ? (await app.Users.SomebodyAsync()).Email : TestUsers.NewEmail();
        var begun = reset
            ? await browser.FillAsync("/forgot", "/forgot", ("identifier", email))
            : await SignUpAsync(browser, await browser.GetAsync("/sign-up"), email);
        var letter = await app.Users.LetterAsync(email, reset ? 2 : 1);
        var page = await browser.GetAsync(begun.Location());
        var password = ("password", reset ? Resetting.NewPassword : TestUsers.Password);

        Answer done;
        if (byLink)
        {
            var path = Regex.Match(letter.Text, @"http://localhost:8080(/(?:reset|register/confirm)\S+)").Groups[1].Value;
            done = await browser.SendFormAsync(await browser.GetAsync(path), path.Split('?')[0], password);
        }
        else
        {
            var code = ("code", reset ? letter.ResetCode : letter.Code);
            done = await browser.SendFormAsync(page, begun.Location().Split('?')[0], code, password);
        }

        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        var again = await browser.GetAsync(begun.Location());
        Assert.Contains(reset ? "already been used" : "already complete", again.Text, StringComparison.Ordinal);
        Assert.Contains("class=\"button\" href=\"/sign-in\"", again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"code\"", again.Text, StringComparison.Ordinal);
        using var stranger = new Browser(app);
        Assert.Contains("name=\"code\"", (await stranger.GetAsync(begun.Location())).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registration_that_is_complete_is_told_to_nobody_who_only_opens_the_page_of_its_code()
    {
        var (id, letter) = await LetterOfRegistrationAsync();
        using var browser = new Browser(app);
        var before = await browser.GetAsync($"/sign-up/code?id={id}");

        await app.Users.VerifyAsync(id, letter.Code);

        Assert.Equal(Comparable(before, letter.To), Comparable(await browser.GetAsync($"/sign-up/code?id={id}"), letter.To));
    }

    [Fact]
    public async Task A_link_that_is_incomplete_replaced_or_used_up_says_so_when_it_is_opened()
    {
        var (id, letter) = await LetterOfRegistrationAsync();
        var person = await app.Users.SomebodyAsync();
        var (reset, resetLetter) = await app.ResetMailAsync(person.Email, person.Email);
        await app.Users.ConfirmAsync(letter.LinkToken);
        await app.Users.ResetByLinkAsync(reset, resetLetter.LinkToken);
        var unknown = new string('A', 43);

        foreach (
            var (path, text, way) in new[]
            {
                ("/register/confirm", "This link is incomplete", "/sign-up"),
                ("/register/confirm?token=abc", "This link is incomplete", "/sign-up"),
                ($"/register/confirm?token={unknown}", "This link has expired", "/sign-up"),
                ($"/register/confirm?token={letter.LinkToken}", "already complete", "/sign-in"),
                ($"/reset?id={reset}", "This link is incomplete", "/forgot"),
                ($"/reset?id={reset}&token={unknown}", "This link has expired", "/forgot"),
                ($"/reset?id={id}&token={resetLetter.LinkToken}", "This link has expired", "/forgot"),
                ($"/reset?id={reset}&token={letter.LinkToken}", "This link has expired", "/forgot"),
                ($"/reset?id={reset}&token={resetLetter.LinkToken}", "already been used", "/sign-in"),
            }
        )
        {
            var page = await app.Users.GetAsync(path);
            Assert.Equal((HttpStatusCode.OK, path), (page.Status, page.Text.Contains(text, StringComparison.Ordinal) ? path : page.Text));
            Assert.Contains($"class=\"button\" href=\"{way}\"", page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("name=\"token\"", page.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/sign-up", "/sign-up/code")]
    [InlineData("/forgot", "/forgot/code")]
    public async Task The_page_of_a_code_shows_the_address_masked_in_the_browser_that_typed_it_alone(string start, string path)
    {
        var email = "ada." + TestUsers.NewEmail();
        using var browser = new Browser(app);
        var begun = await browser.FillAsync(
            start,
            start,
            ("name", "Ada"),
            ("email", email),
            ("identifier", email),
            ("password", TestUsers.Password)
        );

        var page = await browser.GetAsync(begun.Location());
        var wrong = await browser.SendFormAsync(page, path, ("code", "1"), ("password", Resetting.NewPassword));

        Assert.All([page, wrong], answer => Assert.Contains("a***@example.com", answer.Text, StringComparison.Ordinal));
        using var other = new Browser(app);
        Assert.DoesNotContain("***", (await other.GetAsync(begun.Location())).Text, StringComparison.Ordinal);
        browser.SetCookie("__Host-gatehouse-identifier", "rubbish");
        Assert.DoesNotContain("***", (await browser.GetAsync(begun.Location())).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(email, begun.Location(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("somebody_else", "s***")]
    [InlineData("a name, not an identifier", null)]
    public async Task A_reset_shows_what_was_typed_masked_whatever_it_was(string identifier, string? masked)
    {
        using var browser = new Browser(app);

        var page = await browser.GetAsync((await browser.FillAsync("/forgot", "/forgot", ("identifier", identifier))).Location());

        var text = masked is null ? "If an account exists, we have sent" : $"If an account exists for {masked},";
        Assert.Contains(text, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_managers_find_whose_password_it_is_in_the_browser_that_typed_it()
    {
        var person = await app.Users.SomebodyAsync();
        var email = TestUsers.NewEmail();
        using var browser = new Browser(app);
        var byCode = await browser.GetAsync((await browser.FillAsync("/forgot", "/forgot", ("identifier", person.Email))).Location());
        var path = Regex.Match((await app.Users.LetterAsync(person.Email, 2)).Text, @"http://localhost:8080(/reset\S+)").Groups[1].Value;
        await SignUpAsync(browser, await browser.GetAsync("/sign-up"), email);
        var confirm = await browser.GetAsync("/register/confirm?token=" + (await app.Users.LetterAsync(email)).LinkToken);

        Assert.Equal(person.Email, Username(byCode));
        Assert.Equal(email, Username(confirm));
        using var other = new Browser(app);
        var elsewhere = await other.GetAsync(path);
        Assert.Equal("", Username(elsewhere));
        Assert.DoesNotContain(person.Email, elsewhere.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_way_without_a_password_is_a_step_of_its_own_behind_the_link()
    {
        var (id, letter) = await LetterOfRegistrationAsync();
        using var browser = new Browser(app);
        var page = await browser.GetAsync($"/register/confirm?token={letter.LinkToken}");
        var path = First(page, "<a href=\"(/register/confirm[^\"]+)\">Continue without a password</a>");

        var other = await browser.GetAsync(path);
        Assert.DoesNotContain("name=\"password\"", other.Text, StringComparison.Ordinal);
        Assert.True(await app.ScalarAsync<bool>("select completed_at is null from identity.verifications where id = $1", id));
        Assert.Equal("/register/done", (await browser.SendFormAsync(other, "/register/confirm")).Location());
        Assert.Contains("your account is ready", (await browser.GetAsync("/register/done")).Text, StringComparison.Ordinal);
        Assert.False(await app.ScalarAsync<bool>("select password_hash is not null from identity.users order by created_at desc limit 1"));
    }

    [Fact]
    public async Task Passwords_that_were_guessed_too_often_close_their_way_behind_the_link()
    {
        var (_, letter) = await LetterOfRegistrationAsync();
        using var browser = new Browser(app);
        var path = $"/register/confirm?token={letter.LinkToken}";
        var page = await browser.GetAsync(path);

        Answer last = page;
        for (var attempt = 0; attempt < 5; attempt++)
            last = await browser.SendFormAsync(page, "/register/confirm", ("password", "not the one that was chosen"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, last.Status);
        Assert.All(
            [last, await browser.GetAsync(path)],
            closed =>
            {
                Assert.Contains("Too many wrong passwords.", closed.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("name=\"password\"", closed.Text, StringComparison.Ordinal);
                Assert.Contains("step=no-password", closed.Text, StringComparison.Ordinal);
            }
        );
    }

    private static void AssertClosed(Answer page, string path, string text)
    {
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(text, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"action=\"{path}\"", page.Text, StringComparison.Ordinal);
        Assert.Contains($"action=\"{path}/resend\"", page.Text, StringComparison.Ordinal);
    }

    private static string First(Answer page, string pattern) => WebUtility.HtmlDecode(Regex.Match(page.Text, pattern).Groups[1].Value);

    private static string Hint(Answer page) => First(page, "<p id=\"password-hint\"[^>]*>([^<]*)</p>");

    private static Task<Answer> ChooseSpanishAsync(Browser browser, string path, params (string Name, string Value)[] typed)
    {
        var fields = typed.Append((Name: "language", Value: "es")).Select(field => KeyValuePair.Create(field.Name, field.Value));
        return browser.SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(fields));
    }

    private static string Username(Answer page)
    {
        var input = Regex.Match(page.Text, "<input[^>]*autocomplete=\"username\"[^>]*hidden[^>]*>");
        Assert.True(input.Success, page.Text);
        return WebUtility.HtmlDecode(Regex.Match(input.Value, "value=\"([^\"]*)\"").Groups[1].Value);
    }

    private static string Comparable(Answer page, string typed) =>
        Regex.Replace(
            page.Text.Replace(typed, "typed", StringComparison.Ordinal),
            "name=\"form-token\" value=\"[^\"]*\"|[0-9a-f]{8}-[0-9a-f-]{27}|data-wait=\"\\d+\"|again in \\d+ seconds?",
            ""
        );

    private static Task<Answer> SignUpAsync(Browser browser, Answer page, string email) =>
        browser.SendFormAsync(page, "/sign-up", ("name", "Ada"), ("email", email), ("username", ""), ("password", TestUsers.Password));

    private async Task<(Guid Id, Letter Letter)> LetterOfRegistrationAsync()
    {
        var email = TestUsers.NewEmail();
        var started = await app.Users.RegisterAsync(email);
        return (started.RegistrationId, await app.Users.LetterAsync(email));
    }
}
