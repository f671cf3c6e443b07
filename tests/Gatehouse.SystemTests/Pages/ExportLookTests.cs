using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Identity.Exports;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Downloading the own data in a browser, which follows the work where scripts run.</summary>
[Trait("Speed", "Slow")]
public sealed class ExportLookTests(RunningApp running)
{
    private const string Path = "/account/privacy/export";
    private const string Start = $"form[action='{Path}'] button";
    private const string Download = $"form[action='{Path}/download'] button";

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task A_user_collects_and_downloads_everything(string language, bool script)
    {
        var person = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(person.Email);
        var name = $"{language}{(script ? "" : "-no-script")}";
        await visit.GoAsync(Path);
        await visit.LookAsync($"export-{name}");

        await using (await HeldExports.BeginAsync(app, person.UserId))
        {
            await visit.Page.ClickAsync(Start);
            await Assertions.Expect(visit.Page.Locator("#export-progress")).ToBeVisibleAsync();
            await visit.LookAsync($"export-making-{name}");
        }

        if (!script)
        {
            await app.ExportAsync(person);
            await visit.Page.ClickAsync($"#export a[href='{Path}']");
        }

        await Assertions.Expect(visit.Page.Locator(Download)).ToBeVisibleAsync();
        await visit.LookAsync($"export-ready-{name}");
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.ClickAsync(Download));
        Assert.Equal("my-data.zip", download.SuggestedFilename);
    }
}
