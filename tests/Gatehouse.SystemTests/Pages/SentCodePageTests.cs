using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Identity.Credentials;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Codes by text message in a browser, and the link of the notice about a new device.</summary>
[Trait("Speed", "Slow")]
public sealed class SentCodePageTests(RunningApp running)
{
    private const string Steps = "/account/security/second-factor";

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("es", true)]
    [InlineData("hi", true)]
    [InlineData("en", false)]
    public async Task A_user_adds_codes_by_text_message_signs_in_with_one_and_removes_them(string language, bool script)
    {
        var person = await app.Users.SomebodyAsync();
        var number = await app.WithPhoneAsync(person);
        await using var visit = await Visit.StartAsync(app, language, script);
        await SignInAsync(visit, person);
        await visit.ArriveAsync("/account$");
        await visit.GoAsync(Steps);
        await visit.LookAsync($"second-factors.{language}");
        await visit.Page.ClickAsync($"form[action='{Steps}/sms'] button");
        await visit.ArriveAsync($"{Steps}/sms$");
        await visit.LookAsync($"sms-confirm.{language}");
        await visit.Page.FillAsync("#code", TestUsers.WrongCode((await app.Users.LetterAsync(number, 2)).Code));
        await visit.Page.ClickAsync("#form button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#code[aria-invalid=true]")).ToBeVisibleAsync();
        await visit.Page.FillAsync("#code", (await app.Users.LetterAsync(number, 2)).Code);
        await visit.Page.ClickAsync("#form button[type=submit]");
        await visit.ArriveAsync("/recovery-codes$");
        await Assertions.Expect(visit.Page.Locator(".recovery-codes li")).ToHaveCountAsync(10);
        await visit.GoAsync(Steps);
        await visit.LookAsync($"second-factors-sms.{language}");

        await using var other = await Visit.StartAsync(app, language, script);
        await SignInAsync(other, person);
        await other.ArriveAsync("/sign-in/second-factor$");
        await other.LookAsync($"challenge-sms-send.{language}");
        await other.Page.ClickAsync("#form button[type=submit]");
        await other.ArriveAsync("factor=sms$");
        await other.LookAsync($"challenge-sms.{language}");
        await Assertions.Expect(other.Page.GetByText(number)).ToHaveCountAsync(0);
        await other.Page.FillAsync("#code", (await app.Users.LetterAsync(number, 3)).Code);
        await other.Page.ClickAsync("#form button[type=submit]");
        await other.ArriveAsync("/account$");

        await visit.Page.ClickAsync($"a[href='{Steps}/sms/remove']");
        await visit.LookAsync($"sms-remove.{language}");
        await visit.Page.ClickAsync("main button.danger");
        await visit.ArriveAsync("done=sms-removed$");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    [InlineData("hi")]
    public async Task The_link_of_the_notice_asks_first_and_then_closes_the_account(string language)
    {
        var person = await app.Users.SomebodyAsync();
        await app.Users.SignInAsync(person.Email, headers: ("Gatehouse-Device", person.Device));
        await app.Users.SignInAsync(person.Email);
        var notice = await app.Users.LetterAsync(person.Email, 2);
        await using var visit = await Visit.StartAsync(app, language);

        await visit.GoAsync($"/sign-in/not-me?token={notice.LinkToken}");
        await visit.LookAsync($"not-me.{language}");
        await visit.Page.ClickAsync("main form button");
        await visit.ArriveAsync("/sign-in/not-me/done$");
        await visit.LookAsync($"not-me-done.{language}");

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await app.Users.MeAsync(person.Tokens)).Status);
    }

    private static async Task SignInAsync(Visit visit, SignedIn person)
    {
        await visit.GoAsync("/sign-in");
        await visit.Page.FillAsync("#identifier", person.Email);
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.ClickAsync("#form button[type=submit]");
    }
}
