using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The event log in the console.</summary>
public sealed class ConsoleEventTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Events_are_listed_with_their_deliveries_and_without_what_they_say()
    {
        using var browser = await SignedInAsync();
        var user = await app.NamedAsync("Never In The Log");
        await app.QuietAsync();

        var page = await browser.GetAsync($"/admin/events?user={user.UserId}");

        Assert.Contains("user.registered.v1", page.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"/admin/users/{user.UserId}\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/deliveries\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Never In The Log", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(user.Email, page.Text, StringComparison.OrdinalIgnoreCase);
        var some = (await browser.GetAsync($"/admin/events?user={user.UserId}&type=user.updated")).Text;
        Assert.Contains("user.updated.v1", some, StringComparison.Ordinal);
        Assert.DoesNotContain(">user.registered.v1<", some, StringComparison.Ordinal);
        var one = await app.ScalarAsync<Guid>(
            "select id from runtime.events where key = $1 and type = 'user.updated.v1' order by id desc limit 1",
            user.UserId
        );
        foreach (
            var (outcome, state, words) in new (string, string?, string)[]
            {
                ("done", null, "Delivered"),
                ("dropped: no", null, "Not for it"),
                ("done", "dead", "Given up"),
                ("done", "retrying", "next attempt"),
                ("done", "waiting", "Waiting behind another"),
            }
        )
        {
            var name = $"test.{state ?? outcome[..4]}";
            await app.ExecuteAsync("insert into runtime.inbox (event_id, subscriber, outcome) values ($1, $2, $3)", one, name, outcome);
            if (state is not null)
                await app.ExecuteAsync(
                    """
                    insert into runtime.parked (subscriber, event_id, key, state, attempts, next_attempt_at, parked_at, reason, envelope)
                    values ($1, $2, gen_random_uuid(), $3, 1, now() + interval '1 day', now(), '', '{}')
                    """,
                    name,
                    one,
                    state
                );
            var seen = (await browser.GetAsync($"/admin/events?user={user.UserId}&type=user.updated.v1")).Text;
            Assert.Matches($"{name}[^/]*>{words}|{name}[\\s\\S]{{0,200}}{words}", seen);
        }

        await app.ExecuteAsync("delete from runtime.parked where event_id = $1", one);
    }

    [Fact]
    public async Task A_filter_that_cannot_be_read_narrows_nothing_and_a_name_of_no_event_finds_none()
    {
        using var browser = await SignedInAsync();
        await app.Users.SomebodyAsync();

        foreach (var query in new[] { "?type=%25", "?user=ada", "?after=x", "?before=x" })
        {
            var answer = await browser.GetAsync("/admin/events" + query);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Contains("role=\"alert\"", answer.Text, StringComparison.Ordinal);
            Assert.Contains("<tbody", answer.Text, StringComparison.Ordinal);
        }

        var none = await browser.GetAsync("/admin/events?type=nothing.of.the.kind");
        Assert.DoesNotContain("<tbody", none.Text, StringComparison.Ordinal);
        using var tenant = new Browser(app);
        await tenant.SignInAsync((await app.TenantAdministratorAsync()).Email);
        Assert.Equal(HttpStatusCode.Forbidden, (await tenant.GetAsync("/admin/events")).Status);
    }

    private async Task<Browser> SignedInAsync()
    {
        var browser = new Browser(app);
        await browser.SignInAsync((await app.PlatformAdministratorAsync()).Email);
        return browser;
    }
}
