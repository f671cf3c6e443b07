using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Identity.Files;
using Gatehouse.Tests.Identity.Files;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>What others see of a user, and closing the account and opening it again, in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class ClosingLookTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task A_user_sees_the_card_closes_the_account_and_opens_it_again(string language, bool script)
    {
        var person = await app.Users.SomebodyAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(person, TestPictures.RedAndBlue(60, 60))).Status);
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(person.Email);
        var name = $"{language}{(script ? "" : "-no-script")}";

        await visit.GoAsync("/account/preview");
        Assert.Equal(60, await visit.Page.Locator("main img").EvaluateAsync<int>("image => image.naturalWidth"));
        await visit.LookAsync($"preview-{name}");
        await visit.GoAsync("/account/privacy");
        await visit.LookAsync($"privacy-{name}");
        await visit.Page.ClickAsync("main a[href='/account/privacy/close']");
        await visit.LookAsync($"close-{name}");
        await visit.Page.ClickAsync("main button.danger");
        await visit.ArriveAsync("/signed-out$");

        await visit.SignInAsync(person.Email);
        await visit.GoAsync("/account");
        await visit.ArriveAsync("/account/closed$");
        await visit.LookAsync($"closed-account-{name}");
        await visit.Page.ClickAsync("form[action='/account/closed'] button");
        await visit.ArriveAsync("/account$");
        await Assertions.Expect(visit.Page.Locator("#name")).ToHaveValueAsync("Ada");
    }
}
