using System.Net;
using Gatehouse.SystemTests.Audit;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>What happened, as administrators read it in the console.</summary>
[Trait("Speed", "Slow")]
public sealed class ConsoleAuditTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task An_administrator_reads_what_happened_and_verifies_that_nobody_altered_it(string language, bool script)
    {
        var admin = await app.TenantAdministratorAsync();
        var user = await app.NamedAsync("Ada <i>Audited</i> " + new string('W', 60));
        await app.PostAsync($"/v1/users/{user.UserId}/disable", body: null, admin).DoneAsync();
        await app.Users.SignInAsync(user.Email, "a wrong umbrella on the hill");
        await app.QuietAsync();
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(admin.Email);
        var name = $"{language}{(script ? "" : "-no-script")}";

        await visit.GoAsync("/admin");
        await Assertions.Expect(visit.Page.Locator(".figures tbody tr")).ToHaveCountAsync(6);
        await visit.LookAsync($"console-home-figures-{name}");

        await visit.GoAsync($"/admin/audit?user={user.UserId}");
        await visit.LookAsync($"console-audit-{name}");
        await visit.Page.SelectOptionAsync("#action", "user.disabled");
        await visit.Page.ClickAsync(".filters button");
        Assert.Contains($"user={user.UserId}", visit.Page.Url, StringComparison.Ordinal);
        await Assertions.Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await visit.Page.ClickAsync("tbody th a");
        await Assertions.Expect(visit.Page.GetByText("user.disabled", new() { Exact = true })).ToBeVisibleAsync();
        await visit.LookAsync($"console-record-{name}");

        await app.VerifiedAuditAsync(admin);
        await visit.GoAsync("/admin/audit");
        await visit.Page.ClickAsync("form[action='/admin/audit/verify'] button");
        // Other tests of this application insert records behind the back of the chain: either result is one.
        await Assertions.Expect(visit.Page.Locator("main .notice time")).ToBeVisibleAsync();
        await visit.LookAsync($"console-verified-{name}");

        await visit.GoAsync($"/admin/users/{user.UserId}/activity?side=was");
        await Assertions.Expect(visit.Page.Locator(".sections [aria-current]")).ToHaveCountAsync(1);
        await visit.LookAsync($"console-activity-{name}");
    }

    [Fact]
    public async Task What_happens_meanwhile_appears_on_the_first_page_and_can_be_paused()
    {
        var admin = await app.TenantAdministratorAsync();
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync(admin.Email);
        await visit.GoAsync("/admin");
        var newest = await visit.Page.GetAttributeAsync("#recent", "data-version");

        await app.Users.SomebodyAsync();
        await Assertions.Expect(visit.Page.Locator("#recent")).Not.ToHaveAttributeAsync("data-version", newest!);
        await visit.Page.ClickAsync("#recent + button");
        await Assertions.Expect(visit.Page.Locator("#recent + button")).ToHaveTextAsync("Resume");
    }

    [Fact]
    public async Task An_audit_that_nobody_altered_is_said_to_be_intact()
    {
        await using var own = await TestApp.StartAsync();
        using var browser = new Browser(own);
        await browser.SignInAsync((await own.TenantAdministratorAsync()).Email);
        Assert.Contains("The audit is intact", (await browser.SubmitAsync("/admin/audit/verify", [])).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?actor=somebody")]
    [InlineData("?from=2026-13-01")]
    [InlineData("?from=2026-02-01&to=2026-01-01")]
    [InlineData("?after=nonsense")]
    [InlineData("?action=%2e%2e")]
    public async Task A_filter_that_cannot_be_read_is_said_to_narrow_nothing(string query)
    {
        using var browser = new Browser(app);
        await browser.SignInAsync((await app.TenantAdministratorAsync()).Email);

        var answer = await browser.GetAsync("/admin/audit" + query);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("role=\"alert\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("<tbody", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_and_users_of_nowhere_are_not_there()
    {
        using var browser = new Browser(app);
        await browser.SignInAsync((await app.TenantAdministratorAsync()).Email);
        var nothing = Guid.CreateVersion7(app.Clock.GetUtcNow());

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/admin/audit/{nothing}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/admin/users/{nothing}/activity")).Status);
    }
}
