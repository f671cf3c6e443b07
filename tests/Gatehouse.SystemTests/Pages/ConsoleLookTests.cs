using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Pages of the console that no longer story visits, as they appear.</summary>
[Trait("Speed", "Slow")]
public sealed class ConsoleLookTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", false)]
    public async Task The_log_of_events_and_an_unfinished_sign_up_are_readable_everywhere(string language, bool script)
    {
        var admin = await app.PlatformAdministratorAsync();
        var email = TestUsers.NewEmail();
        await app.Users.RegisterAsync(email);
        await app.QuietAsync();
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(admin.Email);

        await visit.GoAsync("/admin/events");
        await Assertions.Expect(visit.Page.Locator("tbody tr").First).ToBeVisibleAsync();
        await visit.LookAsync($"console-events-{language}");
        await visit.GoAsync("/admin/events?type=user.&user=" + admin.UserId);
        await visit.LookAsync($"console-events-filtered-{language}");

        await visit.GoAsync("/admin");
        await visit.Page.FillAsync("#find", email);
        await visit.Page.PressAsync("#find", "Enter");
        await visit.ArriveAsync("/admin/sign-ups/[^/]+$");
        await visit.LookAsync($"console-sign-up-{language}");
        await visit.Page.ClickAsync("main form[action^='/admin/sign-ups/'] button");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await visit.LookAsync($"console-sign-up-too-soon-{language}");
        await visit.GoAsync("/admin/audit?period=night");
        await visit.LookAsync($"console-audit-night-{language}");
    }
}
