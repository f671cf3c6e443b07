using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

/// <summary>The page of the own account, in a browser that holds its tokens in cookies.</summary>
public sealed class AccountPageTests(RunningApp running)
{
    private const string Markup = "\"><script>alert(1)</script></textarea>";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task Who_is_not_signed_in_signs_in_first_and_comes_back()
    {
        using var browser = new Browser(app);
        foreach (
            var (path, back) in new[]
            {
                ("/account", "%2Faccount"),
                ("/account?done=profile", "%2Faccount%3Fdone%3Dprofile"),
                ("/account/activity?after=x", "%2Faccount%2Factivity%3Fafter%3Dx"),
            }
        )
        {
            var answer = await browser.GetAsync(path);
            Assert.Equal((HttpStatusCode.SeeOther, "/sign-in?returnUrl=" + back, ""), (answer.Status, answer.Location(), answer.Text));
            Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_page_shows_the_account_and_where_its_user_is_signed_in()
    {
        var email = TestUsers.NewEmail();
        await app.Users.SomebodyAsync("grace_" + email[6..9].Replace('@', 'x'), email);
        using var browser = await SignedInAsync(email);

        var page = await browser.GetAsync("/account/security");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("no-store", page.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Contains($"<dd>{email}</dd>", page.Text, StringComparison.Ordinal);
        Assert.Matches("<dd>grace_[^<]+</dd>", page.Text);
        Assert.Equal(1, Regex.Count(page.Text, "aria-current=\"page\""));

        page = await browser.GetAsync("/account/sessions");
        // Two sessions: that of the sign-up and this one, which alone cannot be ended here.
        Assert.Equal(2, Regex.Count(page.Text, "<li class=\"row\">"));
        Assert.Equal(1, Regex.Count(page.Text, "class=\"badge\">This session"));
        Assert.Equal(1, Regex.Count(page.Text, "action=\"/account/sessions/end\""));
        Assert.Contains("Unknown device", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/account/activity\"", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Details_are_saved_and_the_page_says_so_after_leading_on()
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;

        var saved = await browser.FillAsync(
            "/account",
            "/account",
            ("name", " Ada  Byron "),
            ("about", "I count.\r\nOn engines too."),
            ("languages", "EN, pt-br ; hi"),
            ("preferredLanguage", "es")
        );

        Assert.Equal((HttpStatusCode.SeeOther, "/account?done=profile"), (saved.Status, saved.Location()));
        var me = (await app.Users.MeAsync(person.Tokens)).Body;
        Assert.Equal(
            ("Ada Byron", "I count.\nOn engines too.", "es"),
            (me.GetProperty("name").GetString(), me.GetProperty("about").GetString(), me.GetProperty("preferredLanguage").GetString())
        );
        Assert.Equal("""["en","pt-BR","hi"]""", me.GetProperty("languages").GetRawText());
        var page = await browser.GetAsync(saved.Location());
        Assert.Matches("class=\"notice good\" role=\"status\">Your changes have been saved.", page.Text);
        Assert.Matches("<textarea[^>]*>I count.\nOn engines too.</textarea>", WebUtility.HtmlDecode(page.Text));
        Assert.Matches("id=\"languages\"[^>]*value=\"en, pt-BR, hi\"", page.Text);
        Assert.Matches("<option value=\"es\" selected[^>]*>Español", WebUtility.HtmlDecode(page.Text));
        Assert.DoesNotContain("role=\"status\"", (await browser.GetAsync("/account?done=anything")).Text, StringComparison.Ordinal);

        var cleared = await browser.FillAsync(
            "/account",
            "/account",
            ("name", "Ada"),
            ("about", ""),
            ("languages", " , "),
            ("preferredLanguage", "en")
        );
        Assert.Equal(HttpStatusCode.SeeOther, cleared.Status);
        Assert.Equal("[]", (await app.Users.MeAsync(person.Tokens)).Body.GetProperty("languages").GetRawText());
    }

    [Fact]
    public async Task Rejections_stand_beside_their_fields_in_the_users_language_and_what_was_typed_is_kept()
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;
        browser.Set("Accept-Language", "es");

        var refused = await browser.FillAsync(
            "/account",
            "/account",
            ("name", " "),
            ("about", "one\r\ntwo " + new string('x', 500)),
            ("languages", "hi, not a-tag!"),
            ("preferredLanguage", "tlh")
        );

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.All(
            ["name", "about", "languages", "preferredLanguage"],
            field =>
            {
                Assert.NotEqual("", refused.Beside(field));
                Assert.Matches($"id=\"{field}\"[^>]*aria-describedby=\"{field}-error\"[^>]*aria-invalid=\"true\"", refused.Text);
            }
        );
        Assert.StartsWith("Usa 500 caracteres como máximo", refused.Beside("about"), StringComparison.Ordinal);
        Assert.Matches("<textarea[^>]*>one\r?\ntwo x{500}</textarea>", WebUtility.HtmlDecode(refused.Text));
        Assert.Matches("id=\"languages\"[^>]*value=\"hi, not a-tag!\"", refused.Text);
        Assert.Equal("Ada", (await app.Users.MeAsync(person.Tokens)).Body.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_change_of_language_keeps_what_was_typed_for_its_user_alone()
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;
        var page = await browser.GetAsync("/account");
        Assert.Contains("formaction=\"/language?returnUrl=%2Faccount\"", page.Text, StringComparison.Ordinal);

        using var typed = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["language"] = "es",
                ["owner"] = person.UserId.ToString(),
                ["name"] = "Ada",
                ["title"] = "Analyst of engines",
            }
        );
        var changed = await browser.SendAsync(HttpMethod.Post, "/language?returnUrl=%2Faccount", typed);
        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (changed.Status, changed.Location()));
        var kept = await browser.GetAsync("/account");

        Assert.Contains("lang=\"es\"", kept.Text, StringComparison.Ordinal);
        Assert.Matches("id=\"title\"[^>]*value=\"Analyst of engines\"", kept.Text);
        Assert.Equal(JsonValueKind.Null, (await app.Users.MeAsync(person.Tokens)).Body.GetProperty("title").ValueKind);
        Assert.DoesNotContain("Analyst of engines", (await browser.GetAsync("/account")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_in_every_field_is_shown_as_text()
    {
        var (browser, _) = await SomebodyAsync();
        using var _1 = browser;

        var refused = await browser.FillAsync(
            "/account",
            "/account",
            ("name", Markup),
            ("about", Markup),
            ("languages", Markup),
            ("preferredLanguage", Markup)
        );
        await browser.FillAsync(
            "/account",
            "/account",
            ("name", Markup),
            ("about", Markup),
            ("languages", ""),
            ("preferredLanguage", "en")
        );
        var stored = await browser.GetAsync("/account?done=" + Uri.EscapeDataString(Markup));

        Assert.All(
            [refused, stored],
            page =>
            {
                Assert.DoesNotContain("<script>alert", page.Text, StringComparison.Ordinal);
                Assert.Contains("&lt;script&gt;alert", page.Text, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public async Task Another_session_is_ended_and_ending_it_twice_is_no_error()
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;
        var page = await browser.GetAsync("/account/sessions");

        var first = await browser.SendFormAsync(page, "/account/sessions/end");
        var second = await browser.SendFormAsync(page, "/account/sessions/end");

        Assert.All(
            [first, second],
            a => Assert.Equal((HttpStatusCode.SeeOther, "/account/sessions?done=session"), (a.Status, a.Location()))
        );
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(person.Tokens)).Status);
        var after = await browser.GetAsync(first.Location());
        Assert.Contains("The session has been signed out.", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/account/sessions/end", after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_other_sessions_are_ended_and_this_one_stays()
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;
        using var other = await SignedInAsync(person.Email);

        var ended = await browser.FillAsync("/account/sessions", "/account/sessions/end-others");

        Assert.Equal((HttpStatusCode.SeeOther, "/account/sessions?done=sessions"), (ended.Status, ended.Location()));
        Assert.Equal(1, Regex.Count((await browser.GetAsync("/account/sessions")).Text, "<li class=\"row\">"));
        Assert.Equal("/sign-in?returnUrl=%2Faccount", (await other.GetAsync("/account")).Location());
    }

    [Fact]
    public async Task Nobody_ends_a_session_of_somebody_else()
    {
        var (browser, _) = await SomebodyAsync();
        using var _1 = browser;
        var ben = await app.Users.SomebodyAsync();

        foreach (var id in new[] { ben.Tokens.SessionId.ToString(), "x", "" })
            Assert.Equal(
                HttpStatusCode.SeeOther,
                (await browser.FillAsync("/account/sessions", "/account/sessions/end", ("id", id))).Status
            );

        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(ben.Tokens)).Status);
        Assert.Contains("action=\"/account/sessions/end\"", (await browser.GetAsync("/account/sessions")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ending_this_very_session_signs_out_here()
    {
        var (browser, _) = await SomebodyAsync();
        using var _1 = browser;

        var ended = await browser.FillAsync("/account/sessions", "/account/sessions/end", ("id", "current"));

        Assert.Equal((HttpStatusCode.SeeOther, "/signed-out"), (ended.Status, ended.Location()));
        Assert.DoesNotContain(browser.Cookies.Keys, name => name is "__Host-gatehouse-access" or "__Host-gatehouse-refresh");
    }

    [Fact]
    public async Task A_form_sent_after_the_session_ended_elsewhere_changes_nothing_and_leads_to_sign_in_and_back()
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;
        var (page, sessions) = (await browser.GetAsync("/account"), await browser.GetAsync("/account/sessions"));
        using var other = await SignedInAsync(person.Email);
        await other.FillAsync("/account/sessions", "/account/sessions/end-others");

        foreach (
            var (form, action, back) in new[]
            {
                (page, "/account", "%2Faccount"),
                (sessions, "/account/sessions/end", "%2Faccount%2Fsessions"),
                (sessions, "/account/sessions/end-others", "%2Faccount%2Fsessions"),
            }
        )
        {
            var answer = await browser.SendFormAsync(form, action, ("name", "Changed"), ("preferredLanguage", "hi"));
            Assert.Equal((HttpStatusCode.SeeOther, "/sign-in?returnUrl=" + back), (answer.Status, answer.Location()));
        }

        Assert.Matches("id=\"name\"[^>]*value=\"Ada\"", (await other.GetAsync("/account")).Text);
    }

    [Fact]
    public async Task What_was_typed_when_the_session_ended_elsewhere_is_found_again_once_after_signing_in()
    {
        var (browser, person) = await EndedElsewhereAsync();
        using var _1 = browser;
        Assert.DoesNotContain(browser.Cookies.Values, value => value.Contains("typed", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(
            "what you typed is saved",
            (await browser.GetAsync("/sign-in?returnUrl=%2Faccount")).Text,
            StringComparison.Ordinal
        );

        var signedIn = await browser.FillAsync(
            "/sign-in?returnUrl=%2Faccount",
            "/sign-in",
            ("identifier", person.Email),
            ("password", TestUsers.Password)
        );
        var page = await browser.GetAsync(signedIn.Location());

        Assert.Contains("Your changes are not saved yet", page.Text, StringComparison.Ordinal);
        Assert.Matches("id=\"name\"[^>]*value=\"Ada Typed\"", page.Text);
        Assert.Contains("one\ntwo " + Markup + "</textarea>", WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.Matches("id=\"languages\"[^>]*value=\"hi, not a tag\"", page.Text);
        Assert.Matches("<option value=\"es\" selected", page.Text);
        Assert.DoesNotContain("<script>alert", page.Text, StringComparison.Ordinal);
        Assert.Equal(
            "Ada",
            (await app.Users.MeAsync((await app.Users.SignInAsync(person.Email)).Tokens())).Body.GetProperty("name").GetString()
        );
        Assert.Matches("id=\"name\"[^>]*value=\"Ada\"", (await browser.GetAsync("/account")).Text);
    }

    [Fact]
    public async Task What_one_user_typed_is_never_shown_to_another()
    {
        var (browser, _) = await EndedElsewhereAsync();
        using var _1 = browser;
        var ben = await app.Users.SomebodyAsync();

        await browser.FillAsync("/sign-in", "/sign-in", ("identifier", ben.Email), ("password", TestUsers.Password));
        var page = await browser.GetAsync("/account");

        Assert.DoesNotContain("Ada Typed", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("__Host-gatehouse-draft", browser.Cookies.Keys);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("CfDJ8")]
    public async Task A_draft_that_is_none_of_ours_is_dropped(string draft)
    {
        var (browser, _) = await SomebodyAsync();
        using var _1 = browser;
        browser.SetCookie("__Host-gatehouse-draft", draft);

        var page = await browser.GetAsync("/account");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("Your changes are not saved yet", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("__Host-gatehouse-draft", browser.Cookies.Keys);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 500)]
    [InlineData("Sec-Fetch-Site", "same-origin", 5000)]
    public async Task Nothing_is_kept_of_a_forged_form_nor_of_more_than_any_field_takes(string header, string value, int length)
    {
        var (browser, _) = await SomebodyAsync();
        using var _1 = browser;
        var page = await browser.GetAsync("/account");
        browser.SetCookie("__Host-gatehouse-access", "");
        browser.SetCookie("__Host-gatehouse-refresh", "");
        browser.Set(header, value);

        await browser.SendFormAsync(page, "/account", ("name", "Ada Typed"), ("about", new string('x', length)));

        Assert.DoesNotContain("__Host-gatehouse-draft", browser.Cookies.Keys);
    }

    [Fact]
    public async Task The_longest_text_that_may_be_saved_is_kept_in_any_script()
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;
        var page = await browser.GetAsync("/account");
        var (name, about) = (string.Concat(Enumerable.Repeat("क", 100)), string.Concat(Enumerable.Repeat("न", 500)));
        browser.SetCookie("__Host-gatehouse-access", "");
        browser.SetCookie("__Host-gatehouse-refresh", "");
        await browser.SendFormAsync(page, "/account", ("name", name), ("about", about), ("languages", "hi"), ("preferredLanguage", "hi"));

        await browser.FillAsync("/sign-in", "/sign-in", ("identifier", person.Email), ("password", TestUsers.Password));

        Assert.Contains($">{about}</textarea>", WebUtility.HtmlDecode((await browser.GetAsync("/account")).Text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Firefox on Linux", "Android app")]
    [InlineData("hi", "Firefox (Linux)", "Android ऐप")]
    [InlineData("es", "Firefox en Linux", "Aplicación de Android")]
    public async Task Devices_are_named_in_the_readers_language(string language, string browserWords, string appWords)
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;
        foreach (var agent in new[] { "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "okhttp/5.0.0" })
            await app.Users.SignInAsync(person.Email, headers: ("User-Agent", agent));
        browser.Set("Accept-Language", language);

        foreach (var path in new[] { "/account/sessions", "/account/activity" })
        {
            var page = WebUtility.HtmlDecode((await browser.GetAsync(path)).Text);
            Assert.Contains(browserWords, page, StringComparison.Ordinal);
            Assert.Contains(appWords, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_goes_on_when_the_access_cookie_has_expired()
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;
        var page = await browser.GetAsync("/account");
        browser.SetCookie("__Host-gatehouse-access", "over");

        Assert.Equal(
            "/account?done=profile",
            (await browser.SendFormAsync(page, "/account", ("name", "Ada Renewed"), ("preferredLanguage", "en"))).Location()
        );
        Assert.Equal("Ada Renewed", (await app.Users.MeAsync(person.Tokens)).Body.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_token_that_outlives_its_account_is_forgotten_so_that_signing_in_does_not_lead_in_circles()
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;
        await app.ExecuteAsync("delete from identity.users where id = $1", person.UserId);

        var answer = await browser.GetAsync("/account");

        Assert.Equal((HttpStatusCode.SeeOther, "/sign-in?returnUrl=%2Faccount"), (answer.Status, answer.Location()));
        Assert.DoesNotContain(browser.Cookies.Keys, name => name is "__Host-gatehouse-access" or "__Host-gatehouse-refresh");
    }

    [Theory]
    [InlineData("/account")]
    [InlineData("/account/sessions/end")]
    [InlineData("/account/sessions/end-others")]
    public async Task A_form_of_another_site_changes_nothing(string action)
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;
        var page = await browser.GetAsync(action == "/account" ? action : "/account/sessions");
        browser.Set("Sec-Fetch-Site", "cross-site");
        var foreign = await browser.SendFormAsync(page, action, ("name", "Changed"), ("preferredLanguage", "en"));
        browser.Set("Sec-Fetch-Site", "same-origin");
        var noToken = await browser.SendFormAsync(page, action, ("name", "Changed"), ("preferredLanguage", "en"), ("form-token", "x"));

        Assert.All([foreign, noToken], a => Assert.Equal((HttpStatusCode.Forbidden, "request.cross-site"), (a.Status, a.Code)));
        var me = await app.Users.MeAsync(person.Tokens);
        Assert.Equal((HttpStatusCode.OK, "Ada"), (me.Status, me.Body.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Many_sessions_come_in_pages()
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;
        await app.ExecuteAsync(
            """
            insert into identity.sessions
            select (jsonb_populate_record(s, jsonb_build_object('id', '00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0')))).*
              from identity.sessions s, generate_series(1, 55) n
             where s.id = $1
            """,
            person.Tokens.SessionId
        );

        var first = await browser.GetAsync("/account/sessions");
        var next = Regex.Match(first.Text, "href=\"(/account/sessions\\?after=[^\"]+)\"").Groups[1].Value;
        var second = await browser.GetAsync(next);

        Assert.Equal((50, 7), (Regex.Count(first.Text, "<li class=\"row\">"), Regex.Count(second.Text, "<li class=\"row\">")));
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync("/account/sessions?after=x")).Status);
    }

    [Fact]
    public async Task The_activity_is_listed_in_pages_in_the_users_language()
    {
        var (browser, person) = await SomebodyAsync();
        using var _1 = browser;
        await app.ExecuteAsync(
            """
            insert into audit.records
            select (jsonb_populate_record(a, jsonb_build_object('id', left(a.id::text, 24) || lpad(to_hex(n), 12, '0')))).*
              from audit.records a, generate_series(1, 55) n
             where a.id = (select id from audit.records where subject = $1 order by id limit 1)
            """,
            person.UserId
        );

        var first = await browser.GetAsync("/account/activity");
        browser.Set("Accept-Language", "hi");
        var next = Regex.Match(first.Text, "href=\"(/account/activity\\?after=[^\"]+)\"").Groups[1].Value;
        var second = await browser.GetAsync(next);

        Assert.Equal(50, Regex.Count(first.Text, "<li class=\"row\">"));
        Assert.Contains("Signed in", first.Text, StringComparison.Ordinal);
        Assert.Contains("class=\"badge\">This session", first.Text, StringComparison.Ordinal);
        Assert.InRange(Regex.Count(second.Text, "<li class=\"row\">"), 8, 12);
        Assert.Contains("<html lang=\"hi\">", second.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/account/activity\"", second.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/account/activity?after", second.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync("/account/activity?after=x")).Status);
    }

    /// <summary>Somebody whose session ended elsewhere, and who sent the form after that.</summary>
    private async Task<(Browser Browser, SignedIn Person)> EndedElsewhereAsync()
    {
        var (browser, person) = await SomebodyAsync();
        var (page, sessions) = (await browser.GetAsync("/account"), await browser.GetAsync("/account/sessions"));
        using var other = await SignedInAsync(person.Email);
        await other.FillAsync("/account/sessions", "/account/sessions/end-others");
        await browser.SendFormAsync(
            page,
            "/account",
            ("name", "Ada Typed"),
            ("about", "one\r\ntwo " + Markup),
            ("languages", "hi, not a tag"),
            ("preferredLanguage", "es")
        );
        return (browser, person);
    }

    private async Task<(Browser Browser, SignedIn Person)> SomebodyAsync()
    {
        var person = await app.Users.SomebodyAsync();
        return (await SignedInAsync(person.Email), person);
    }

    private async Task<Browser> SignedInAsync(string email)
    {
        var browser = new Browser(app);
        Assert.Equal(HttpStatusCode.Created, (await browser.SignInAsync(email)).Status);
        return browser;
    }
}
