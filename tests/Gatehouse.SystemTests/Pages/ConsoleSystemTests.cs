using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The installation in the console: what is broken, and what was given up.</summary>
public sealed class ConsoleSystemTests(RunningApp running)
{
    private const string Nobody = "test.nobody";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task Deliveries_that_were_given_up_are_shown_by_cause_tried_again_and_skipped()
    {
        var admin = await app.PlatformAdministratorAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);
        var reason = $"Cause <{Guid.CreateVersion7(app.Clock.GetUtcNow()):N}>";
        var key = Guid.CreateVersion7(app.Clock.GetUtcNow());
        await ParkAsync(key, "dead", reason);
        await ParkAsync(key, "waiting", "");

        var page = await browser.GetAsync("/admin/deliveries");
        Assert.Contains(WebUtility.HtmlEncode(reason), page.Text, StringComparison.Ordinal);
        var fields = new[]
        {
            KeyValuePair.Create("of", "delivery"),
            KeyValuePair.Create("name", Nobody),
            KeyValuePair.Create("reason", reason),
        };
        var retried = await browser.SubmitAsync("/admin/deliveries/retry", fields);
        Assert.Equal((HttpStatusCode.SeeOther, "/admin/deliveries"), (retried.Status, retried.Location()));
        Assert.Equal("retrying 0,waiting 1", await StatesAsync(key));
        Assert.Contains("1 is tried again", (await browser.GetAsync("/admin/deliveries")).Text, StringComparison.Ordinal);
        Assert.Equal(1L, await RecordsAsync("delivery.retried", admin.UserId));

        await app.ExecuteAsync("update runtime.parked set state = 'dead' where key = $1 and reason = $2", key, reason);
        var address = $"/admin/deliveries/skip?name={Nobody}&reason={Uri.EscapeDataString(reason)}";
        Assert.Matches("never gets these events", (await browser.GetAsync(address)).Text);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(address, [])).Status);
        // What waited behind it goes on.
        Assert.Equal("retrying 1", await StatesAsync(key));
        await app.ExecuteAsync("delete from runtime.parked where key = $1", key);
    }

    [Fact]
    public async Task Nothing_of_an_unknown_name_is_tried_again_and_none_of_it_recorded()
    {
        var admin = await app.PlatformAdministratorAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);

        foreach (var of in new[] { "delivery", "job", "anything" })
        {
            var fields = new[] { KeyValuePair.Create("of", of), KeyValuePair.Create("name", "x"), KeyValuePair.Create("reason", "y") };
            Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync("/admin/deliveries/retry", fields)).Status);
        }

        Assert.Equal(0L, await RecordsAsync("delivery.retried", admin.UserId) + await RecordsAsync("job.retried", admin.UserId));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/admin/deliveries/skip")).Status);
    }

    [Fact]
    public async Task Administrators_of_a_tenant_neither_see_nor_touch_the_installation()
    {
        using var browser = new Browser(app);
        await browser.SignInAsync((await app.TenantAdministratorAsync()).Email);

        foreach (var path in new[] { "/admin/health", "/admin/deliveries", "/admin/deliveries/skip" })
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SubmitAsync("/admin/deliveries/retry", [])).Status);
    }

    [Fact]
    public async Task The_health_of_the_node_is_said_in_words()
    {
        using var browser = new Browser(app);
        await browser.SignInAsync((await app.PlatformAdministratorAsync()).Email);

        var page = "";
        // For a moment a busy machine may leave one of them without an answer.
        await TestApp.EventuallyAsync(
            async () =>
                (page = (await browser.GetAsync("/admin/health")).Text).Contains(
                    "Everything this node depends on is working.",
                    StringComparison.Ordinal
                ),
            "all is well",
            meanwhile: () => page
        );
        Assert.True(Regex.Count(page, "<tr role=\"row\">") > 5, page);
    }

    private Task ParkAsync(Guid key, string state, string reason) =>
        app.ExecuteAsync(
            """
            insert into runtime.parked (subscriber, event_id, key, state, attempts, next_attempt_at, parked_at, reason, envelope)
            values ($1, $2, $3, $4, 1, now(), now(), $5, '{}')
            """,
            Nobody,
            Guid.CreateVersion7(app.Clock.GetUtcNow()),
            key,
            state,
            reason
        );

    private Task<string?> StatesAsync(Guid key) =>
        app.ScalarAsync<string?>(
            "select string_agg(state || ' ' || attempts, ',' order by position) from runtime.parked where key = $1",
            key
        );

    private Task<long> RecordsAsync(string action, Guid actor) =>
        app.ScalarAsync<long>("select count(*) from audit.records where action = $1 and actor = $2", action, actor);
}
