using System.Net;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Operations;

/// <summary>Operations and jobs in the console.</summary>
[Collection<Scripted>]
public sealed class ConsoleOperationTests(ScriptedOperations all)
{
    private readonly TestApp app = all.App;

    [Fact]
    public async Task Only_who_started_an_operation_sees_its_page_and_cancels_it_there()
    {
        var owner = await app.TenantAdministratorAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(owner.Email);
        using var other = new Browser(app);
        await other.SignInAsync((await app.PlatformAdministratorAsync()).Email);
        var id = await all.StartEndlessAsync(owner);
        await all.UntilAsync(owner, id, "running");

        var page = await browser.GetAsync($"/admin/operations/{id}");
        Assert.Contains("Running", page.Text, StringComparison.Ordinal);
        Assert.Contains($"data-live=\"/v1/operations/{id}/events\"", page.Text, StringComparison.Ordinal);
        foreach (var path in new[] { "", "/cancel" })
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/admin/operations/{id}{path}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.SubmitAsync($"/admin/operations/{id}/cancel", [])).Status);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/admin/operations/{id}/cancel")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync($"/admin/operations/{id}/cancel", [])).Status);
        await all.UntilAsync(owner, id, "canceled");
        var over = (await browser.GetAsync($"/admin/operations/{id}")).Text;
        Assert.Contains("Canceled", over, StringComparison.Ordinal);
        Assert.DoesNotContain("data-live", over, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync($"/admin/operations/{id}/cancel", [])).Status);
    }

    [Fact]
    public async Task Jobs_are_looked_at_retried_and_canceled_in_the_console()
    {
        var admin = await app.PlatformAdministratorAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);
        var id = await DeadJobAsync();

        var list = (await browser.GetAsync("/admin/jobs?state=dead&kind=test.page")).Text;
        Assert.Contains($"/admin/jobs/{id}", list, StringComparison.Ordinal);
        var page = (await browser.GetAsync($"/admin/jobs/{id}")).Text;
        Assert.Contains("TimeoutException", page, StringComparison.Ordinal);
        Assert.DoesNotContain("personal content", list + page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync($"/admin/jobs/{id}/retry", [])).Status);
        Assert.Contains("is tried again", (await browser.GetAsync("/admin/jobs")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync($"/admin/jobs/{id}/retry", [])).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync($"/admin/jobs/{id}/cancel", [])).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/admin/jobs/{id}")).Status);
        foreach (var query in new[] { "?state=x", "?after=x" })
            Assert.Contains("role=\"alert\"", (await browser.GetAsync("/admin/jobs" + query)).Text, StringComparison.Ordinal);

        using var tenant = new Browser(app);
        await tenant.SignInAsync((await app.TenantAdministratorAsync()).Email);
        foreach (var path in new[] { "/admin/jobs", $"/admin/jobs/{id}", $"/admin/jobs/{id}/retry" })
            Assert.Equal(HttpStatusCode.Forbidden, (await tenant.GetAsync(path)).Status);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task The_pages_look_well_and_follow_an_operation(string language, bool script)
    {
        var picture = $"{language}{(script ? "" : "-no-script")}";
        var admin = await app.PlatformAdministratorAsync();
        var job = await DeadJobAsync();
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(admin.Email);
        await visit.GoAsync("/admin/jobs?state=dead");
        await visit.LookAsync($"console-jobs-{picture}");
        await visit.GoAsync($"/admin/jobs/{job}");
        await visit.LookAsync($"console-job-{picture}");
        await visit.GoAsync($"/admin/jobs/{job}/cancel");
        await visit.LookAsync($"console-job-cancel-{picture}");

        var (more, end) = (NewSignal(), NewSignal());
        var id = await all.StartAsync(
            admin,
            async (run, cancellationToken) =>
            {
                await run.ReportAsync(2_500, 10_000, cancellationToken);
                await more.Task.WaitAsync(cancellationToken);
                await run.ReportAsync(10_000, 10_000, cancellationToken);
                await end.Task.WaitAsync(cancellationToken);
                return OperationResult.Rejected(new Error("request.forbidden", ErrorKind.Forbidden));
            }
        );
        await TestApp.EventuallyAsync(
            async () => (await all.ReadAsync(admin, id)).Body.GetProperty("done").GetInt64() == 2_500,
            "the first report"
        );
        await visit.GoAsync($"/admin/operations/{id}");
        await visit.LookAsync($"console-operation-{picture}");
        more.SetResult();
        var bar = visit.Page.Locator("#operation-progress");
        if (script)
        {
            await Assertions.Expect(bar).ToHaveAttributeAsync("value", "10000");
            end.SetResult();
            await Assertions.Expect(visit.Page.Locator("#operation [role=alert]")).ToBeVisibleAsync();
        }
        else
        {
            end.SetResult();
            await all.UntilAsync(admin, id, "failed");
            await visit.Page.ClickAsync($"a[href='/admin/operations/{id}']");
        }

        await visit.LookAsync($"console-operation-failed-{picture}");
        Assert.Empty(visit.Complaints);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<Guid> DeadJobAsync()
    {
        var id = Guid.CreateVersion7(app.Clock.GetUtcNow());
        await app.ExecuteAsync(
            """
            insert into runtime.jobs (id, kind, payload, state, run_at, attempts, reason, created_at)
            values ($1, 'test.page', 'personal content', 'dead', now(), 20, 'TimeoutException', now())
            """,
            id
        );
        return id;
    }
}
