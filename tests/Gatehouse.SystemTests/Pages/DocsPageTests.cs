using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Server.Hosting;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The documents of the interfaces in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class DocsPageTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en")]
    [InlineData("hi")]
    [InlineData("es")]
    public async Task Operations_and_events_with_their_members_are_listed(string language)
    {
        await using var visit = await Visit.StartAsync(app, language);
        await visit.GoAsync("/docs");
        await Assertions.Expect(visit.Page.Locator("#operations")).ToContainTextAsync("POST /v1/registrations");

        var registered = visit.Page.Locator("details[id='user.registered.v1']");
        await registered.Locator("summary").ClickAsync();
        await Assertions
            .Expect(registered.Locator("dt"))
            .ToHaveTextAsync([
                "userId",
                "origin",
                "language",
                "organizationId",
                "roles",
                "personal",
                "personal.name",
                "personal.email",
                "personal.username",
                "personal.phoneNumber",
            ]);
        await visit.LookAsync($"docs-{language}");
    }

    [Fact]
    public async Task An_operation_leads_to_where_it_can_be_tried()
    {
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync("/docs");
        await visit.Page.ClickAsync("#operations a >> text=/v1/usernames/");
        var operation = visit.Page.Locator(".opblock.is-open");
        await Assertions.Expect(operation).ToContainTextAsync("Check username availability");
        var check = visit.Page.Locator("[id$=-CheckUsername]");
        await check.Locator(".try-out__btn").ClickAsync();
        await check.Locator("[placeholder=name]").FillAsync("ada");
        await check.Locator(".execute").ClickAsync();
        await Assertions.Expect(check.Locator(".live-responses-table tbody .response-col_status")).ToContainTextAsync("200");

        // The viewer holds only what is near the part that is seen, so another operation is another visit.
        await using var other = await Visit.StartAsync(app);
        await other.GoAsync("/docs/api/index.html#/Registration/RegisterUser");
        await other.Page.Locator("[id$=-RegisterUser] .try-out__btn").ClickAsync();
        await Assertions.Expect(other.Page.Locator("[id$=-RegisterUser] textarea")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Outside_development_mode_the_pages_are_shown_only_if_a_setting_says_so()
    {
        var settings = SettingsTests
            .Production.Where(s => !s.Key.StartsWith("Database:", StringComparison.Ordinal) && s.Key != "Keys:Master")
            .ToDictionary(StringComparer.Ordinal);
        await using var silent = await TestApp.StartAsync(development: false, settings: settings);
        settings["Docs:Enabled"] = "true";
        await using var shown = await TestApp.StartAsync(development: false, settings: settings);

        foreach (var path in new[] { "/docs", "/docs/api/index.html", "/docs/viewer.js" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await silent.Users.GetAsync(path)).Status);
            Assert.Equal(HttpStatusCode.OK, (await shown.Users.GetAsync(path)).Status);
        }

        foreach (var path in new[] { "/openapi/v1.json", "/asyncapi.json" })
            Assert.Equal(HttpStatusCode.OK, (await silent.Users.GetAsync(path)).Status);
    }
}
