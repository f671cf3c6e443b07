using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Credentials;

/// <summary>The pages of the own credentials, in a browser without a script.</summary>
public sealed class CredentialPagesTests(RunningApp running)
{
    private const string Security = "/account/security";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task The_password_is_changed_and_the_page_says_so()
    {
        var person = await app.Users.SomebodyAsync();
        using var browser = await SignedInAsync(person);

        var wrong = await browser.FillAsync(
            Security + "/password",
            Security + "/password",
            ("currentPassword", "not it"),
            ("newPassword", Changing.NewPassword)
        );
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.NotEqual("", wrong.Beside("currentPassword"));
        Assert.DoesNotContain(Changing.NewPassword, wrong.Text, StringComparison.Ordinal);

        var saved = await browser.SendFormAsync(
            wrong,
            Security + "/password",
            ("currentPassword", TestUsers.Password),
            ("newPassword", Changing.NewPassword)
        );
        Assert.Equal((HttpStatusCode.SeeOther, Security + "?done=password"), (saved.Status, saved.Location()));
        Assert.Matches("role=\"status\">Your password has been changed", (await browser.GetAsync(saved.Location())).Text);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, Changing.NewPassword)).Status);
    }

    [Fact]
    public async Task The_address_is_changed_by_the_code_and_a_change_that_waits_is_shown_and_given_up()
    {
        var person = await app.Users.SomebodyAsync();
        using var browser = await SignedInAsync(person);
        var email = TestUsers.NewEmail();

        var begun = await browser.FillAsync(Security + "/email", Security + "/email", ("email", TestUsers.NewEmail()));
        Assert.StartsWith(Security + "/email/code?id=", begun.Location(), StringComparison.Ordinal);
        var shown = await browser.GetAsync(Security);
        Assert.Contains("waiting to be confirmed", shown.Text, StringComparison.Ordinal);
        var canceled = await browser.SendFormAsync(shown, Security + "/email/cancel");
        Assert.Equal(Security + "?done=canceled", canceled.Location());
        Assert.DoesNotContain("waiting to be confirmed", (await browser.GetAsync(Security)).Text, StringComparison.Ordinal);

        begun = await browser.FillAsync(Security + "/email", Security + "/email", ("email", email));
        var code = (await app.Users.LetterAsync(email)).Code;
        var page = await browser.GetAsync(begun.Location());
        var wrong = await browser.SendFormAsync(page, Security + "/email/code", ("code", TestUsers.WrongCode(code)));
        Assert.NotEqual("", wrong.Beside("code"));
        var done = await browser.SendFormAsync(wrong, Security + "/email/code", ("code", code));
        Assert.Equal((HttpStatusCode.SeeOther, Security + "?done=email"), (done.Status, done.Location()));
        Assert.Contains($"<dd>{email}</dd>", (await browser.GetAsync(done.Location())).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_link_asks_to_sign_in_and_confirms_for_its_user_alone()
    {
        var (person, other) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var email = TestUsers.NewEmail();
        var letter = await app.EmailLetterAsync(person, email);
        var path = Regex.Match(letter.Text, @"/account/security/email/confirm\?token=[\w-]+").Value;
        using var nobody = new Browser(app);
        Assert.StartsWith("/sign-in?returnUrl=", (await nobody.GetAsync(path)).Location(), StringComparison.Ordinal);

        using var foreign = await SignedInAsync(other);
        Assert.Equal(HttpStatusCode.NotFound, (await foreign.FillAsync(path, Security + "/email/confirm")).Status);
        Assert.Equal(other.Email, await app.EmailAsync(other));

        using var browser = await SignedInAsync(person);
        var done = await browser.FillAsync(path, Security + "/email/confirm");
        Assert.Equal((HttpStatusCode.SeeOther, Security + "?done=email"), (done.Status, done.Location()));
        Assert.Equal(email, await app.EmailAsync(person));
    }

    [Fact]
    public async Task The_pages_ask_for_the_password_where_it_was_not_proved_lately()
    {
        var person = await app.Users.SomebodyAsync();
        using var browser = await SignedInAsync(person);
        await app.GrowStaleAsync(person);
        browser.SetCookie("__Host-gatehouse-access", (await app.StaleAsync(person)).Tokens.Access);
        var number = TestUsers.NewPhone();

        var without = await browser.FillAsync(Security + "/phone", Security + "/phone", ("phoneNumber", number), ("region", ""));
        Assert.Equal(HttpStatusCode.Forbidden, without.Status);
        var wrong = await browser.SendFormAsync(without, Security + "/phone", ("phoneNumber", number), ("password", "not it"));
        Assert.NotEqual("", wrong.Beside("password"));
        Assert.Contains($"value=\"{number}\"", WebUtility.HtmlDecode(wrong.Text), StringComparison.Ordinal);
        var begun = await browser.SendFormAsync(wrong, Security + "/phone", ("phoneNumber", number), ("password", TestUsers.Password));
        Assert.StartsWith(Security + "/phone/code?id=", begun.Location(), StringComparison.Ordinal);
        var code = (await app.Users.LetterAsync(number)).Code;
        var done = await browser.FillAsync(begun.Location(), Security + "/phone/code", ("code", code));
        Assert.Equal(Security + "?done=phone", done.Location());

        var removed = await browser.FillAsync(Security + "/phone/remove", Security + "/phone/remove");
        Assert.Equal(Security + "?done=phone-removed", removed.Location());
        Assert.DoesNotContain(number, (await browser.GetAsync(Security)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    [InlineData("hi")]
    public async Task All_pages_are_there_in_every_language(string language)
    {
        var person = await app.Users.SomebodyAsync();
        await app.WithPhoneAsync(person);
        await app.Users.AskEmailAsync(person, TestUsers.NewEmail());
        using var browser = await SignedInAsync(person);
        browser.Set("Accept-Language", language);

        foreach (var path in new[] { "", "/password", "/email", "/phone", "/phone/remove" })
        {
            var page = await browser.GetAsync(Security + path);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Contains($"<html lang=\"{language}\"", page.Text, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"page\.(account|required)\.[a-z]", page.Text);
        }
    }

    private async Task<Browser> SignedInAsync(SignedIn person)
    {
        var browser = new Browser(app);
        Assert.Equal(HttpStatusCode.Created, (await browser.SignInAsync(person.Email)).Status);
        return browser;
    }
}
