using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The pictures of the README are of the real pages. With WRITE_DOCS=1 they are taken anew.</summary>
[Trait("Speed", "Slow")]
public sealed class PictureTests
{
    private const int MaxBytes = 100_000;

    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", ".."));

    [Fact]
    public async Task The_pictures_of_the_readme_are_there_and_small()
    {
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1")
            await TakeAsync();

        var named = Regex
            .Matches(await File.ReadAllTextAsync(Path.Combine(Root, "README.md")), "docs/pictures/[a-z-]+\\.png")
            .Select(match => match.Value)
            .Distinct()
            .Order(StringComparer.Ordinal);
        var kept = Directory
            .GetFiles(Path.Combine(Root, "docs", "pictures"))
            .Select(file => Path.GetRelativePath(Root, file))
            .Order(StringComparer.Ordinal);
        Assert.Equal(kept, named);
        Assert.All(kept, file => Assert.InRange(new FileInfo(Path.Combine(Root, file)).Length, 1000, MaxBytes));
    }

    private static async Task TakeAsync()
    {
        const string Email = "ada@example.com";
        await using var app = await TestApp.StartAsync();
        await using var visit = await Visit.StartAsync(app);

        await visit.GoAsync("/sign-up");
        await visit.Page.FillAsync("#name", "Ada Byron");
        await visit.Page.FillAsync("#email", Email);
        await visit.Page.FillAsync("#username", "ada");
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await TakeAsync(visit, "sign-up", 640, 860);
        await visit.Page.ClickAsync("main button[type=submit]");

        var code = (await app.Users.LetterAsync(Email)).Code;
        await visit.Page.FillAsync("#code", code);
        await TakeAsync(visit, "code", 640, 860);
        await visit.Page.ClickAsync("main button[type=submit]");

        await visit.Page.FillAsync("#about", "Numbers, mostly.");
        await visit.Page.FillAsync("#languages", "en, fr");
        await visit.Page.ClickAsync("main form[action='/account'] button[type=submit]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await app.Users.SignInAsync(
            Email,
            headers: ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
        );
        await visit.GoAsync("/account");
        await TakeAsync(visit, "account", 960, 1520);

        await visit.GoAsync("/inbox");
        await visit.Page.ClickAsync("summary");
        await TakeAsync(visit, "inbox", 960, 860);

        await visit.Page.ClickAsync("header form[action='/sign-out'] button");
        await visit.GoAsync("/sign-in");
        await visit.Page.FillAsync("#identifier", "ada");
        await visit.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await TakeAsync(visit, "phone-dark", 390, 680);
        await TakeConsoleAsync(app);
    }

    /// <summary>A day at a fictitious school.</summary>
    private static async Task TakeConsoleAsync(TestApp app)
    {
        var admin = await app.TenantAdministratorAsync();
        var people = new List<SignedIn>();
        foreach (var name in new[] { "Grace Hopper", "Asha Rao", "Lucía Fernández", "Ravi Sharma", "Alan Turing" })
            people.Add(await app.NamedAsync(name));
        await app.Users.SignInAsync(people[0].Email, "a wrong umbrella on the hill");
        await app.QuietAsync();
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync(admin.Email);
        await visit.GoAsync("/admin");
        await TakeAsync(visit, "console", 1280, 960);
        await visit.GoAsync($"/admin/users/{people[0].UserId}");
        await TakeAsync(visit, "console-user", 1280, 960);
    }

    private static async Task TakeAsync(Visit visit, string name, int width, int height)
    {
        await visit.Page.SetViewportSizeAsync(width, height);
        await visit.Page.EvaluateAsync("() => document.activeElement?.blur()");
        await visit.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Root, "docs", "pictures", name + ".png") });
    }

    private static string Here([CallerFilePath] string file = "") => file;
}
