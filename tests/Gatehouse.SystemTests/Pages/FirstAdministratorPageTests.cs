using Gatehouse.Identity.Administration;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The page behind the link in the log, as the operator sees it.</summary>
[Trait("Speed", "Slow")]
public sealed class FirstAdministratorPageTests
{
    private const string Submit = "main button[type=submit]:not(.quiet)";

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task The_operator_becomes_administrator_in_a_browser(string language, bool script)
    {
        await using var app = await TestApp.StartAsync();
        var name = language + (script ? "" : "-no-script");
        await using var visit = await Visit.StartAsync(app, language, script);

        await visit.GoAsync(app.Services.GetRequiredService<FirstAdministratorLink>().PathAndQuery!);
        await Assertions.Expect(visit.Page.Locator("#name")).ToBeFocusedAsync();
        await visit.LookAsync($"first-administrator-{name}");

        await visit.Page.FillAsync("#name", "Ada Byron");
        await visit.Page.FillAsync("#email", "nobody@nowhere");
        await visit.Page.FillAsync("#password", "too short!");
        await visit.Page.ClickAsync(Submit);
        await Assertions.Expect(visit.Page.Locator("[aria-invalid=true]")).ToHaveCountAsync(2);
        await visit.LookAsync($"first-administrator-refused-{name}");

        await visit.Page.FillAsync("#email", TestUsers.NewEmail());
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.ClickAsync(Submit);
        await visit.ArriveAsync("/account$");
        Assert.Empty(visit.Complaints);
    }
}
