using System.Net;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Operations;

/// <summary>Jobs as administrators of the platform see and move them.</summary>
[Collection<Scripted>]
public sealed class JobAdministrationTests(ScriptedOperations all) : IAsyncLifetime
{
    private const string Secret = "nobody sees this";

    private readonly TestApp app = all.App;
    private SignedIn admin = null!;
    private int added;

    public async ValueTask InitializeAsync() => admin = await app.PlatformAdministratorAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Jobs_are_listed_by_state_and_kind_page_by_page_without_what_they_are_about()
    {
        var kind = NewKind();
        var dead = await AddAsync(kind, "dead", reason: "TimeoutException");
        var waiting = await AddAsync(kind, "ready");
        var running = await AddAsync(kind, "ready", leased: true);

        var list = await GetAsync($"/v1/jobs?kind={kind}");
        Assert.Equal([running, waiting, dead], Ids(list));
        Assert.DoesNotContain(Secret, list.Text, StringComparison.Ordinal);
        foreach (var (state, id) in new[] { ("dead", dead), ("waiting", waiting), ("running", running) })
        {
            Assert.Equal([id], Ids(await GetAsync($"/v1/jobs?kind={kind}&state={state}")));
            var one = await GetAsync($"/v1/jobs/{id}");
            Assert.Equal(state, one.Body.GetProperty("state").GetString());
            Assert.DoesNotContain(Secret, one.Text, StringComparison.Ordinal);
        }

        var page = await GetAsync($"/v1/jobs?kind={kind}&limit=2");
        Assert.Equal([running, waiting], Ids(page));
        var rest = await GetAsync($"/v1/jobs?kind={kind}&limit=2&after={page.Body.GetProperty("next").GetString()}");
        Assert.Equal([dead], Ids(rest));
        Assert.Equal("TimeoutException", rest.Body.GetProperty("items")[0].GetProperty("lastError").GetString());
    }

    [Fact]
    public async Task A_job_that_was_given_up_is_retried_and_one_that_waits_is_not()
    {
        var (dead, waiting) = (await AddAsync(NewKind(), "dead"), await AddAsync(NewKind(), "ready"));

        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(dead, "retry")).Status);
        Assert.Equal("waiting", (await GetAsync($"/v1/jobs/{dead}")).Body.GetProperty("state").GetString());
        foreach (var job in new[] { dead, waiting })
        {
            var again = await PostAsync(job, "retry");
            Assert.Equal((HttpStatusCode.Conflict, "jobs.not-given-up"), (again.Status, Code(again)));
        }

        Assert.Equal(1L, await RecordsAsync("job.retried"));
        // It is due now and nobody does it: other tests would wait for its end.
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(dead, "cancel")).Status);
    }

    [Fact]
    public async Task A_job_that_does_not_run_is_canceled_once_with_the_operation_that_waits_for_it()
    {
        var user = await app.Users.SomebodyAsync();
        var operation = await all.StartAsync(user, (_, _) => Task.FromResult(OperationResult.Retry("away", TimeSpan.FromHours(5))));
        await TestApp.EventuallyAsync(
            () =>
                app.ScalarAsync<bool>(
                    "select exists (select 1 from runtime.jobs where id = $1 and reason = 'away' and leased_by is null)",
                    operation
                ),
            "the first attempt"
        );
        var running = await AddAsync(NewKind(), "ready", leased: true);

        var answers = await Task.WhenAll(PostAsync(operation, "cancel"), PostAsync(operation, "cancel"));
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NotFound], answers.Select(answer => answer.Status).Order());
        Assert.Equal("canceled", (await all.ReadAsync(user, operation)).Body.GetProperty("state").GetString());
        var refused = await PostAsync(running, "cancel");
        Assert.Equal((HttpStatusCode.Conflict, "jobs.running"), (refused.Status, Code(refused)));
        Assert.Equal(1L, await RecordsAsync("job.canceled"));
    }

    [Theory]
    [InlineData("state=ready")]
    [InlineData("state=")]
    [InlineData("limit=0")]
    [InlineData("after=x")]
    [InlineData("limit=101")]
    public async Task A_filter_that_cannot_be_read_is_rejected(string query)
    {
        var answer = await GetAsync("/v1/jobs?" + query);
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (answer.Status, Code(answer)));
    }

    [Fact]
    public async Task Jobs_that_are_none_are_not_found()
    {
        var none = Guid.CreateVersion7(app.Clock.GetUtcNow());
        foreach (
            var answer in new[] { await GetAsync($"/v1/jobs/{none}"), await PostAsync(none, "retry"), await PostAsync(none, "cancel") }
        )
            Assert.Equal((HttpStatusCode.NotFound, "jobs.not-found"), (answer.Status, Code(answer)));
    }

    private Task<Answer> GetAsync(string path) => app.Users.SendAsync(HttpMethod.Get, path, admin.Tokens);

    private Task<Answer> PostAsync(Guid job, string act) => app.Users.SendAsync(HttpMethod.Post, $"/v1/jobs/{job}/{act}", admin.Tokens);

    private Task<long> RecordsAsync(string action) =>
        app.ScalarAsync<long>("select count(*) from audit.records where action = $1 and actor = $2", action, admin.UserId);

    private string NewKind() => $"test.{Guid.CreateVersion7(app.Clock.GetUtcNow()):N}";

    // Of a kind that nobody here does.
    private async Task<Guid> AddAsync(string kind, string state, string? reason = null, bool leased = false)
    {
        // Each in a millisecond of its own: within one, ids have no order.
        var id = Guid.CreateVersion7(app.Clock.GetUtcNow().AddMilliseconds(++added));
        await app.ExecuteAsync(
            """
            insert into runtime.jobs (id, kind, payload, state, run_at, reason, leased_by, leased_until, created_at)
            values ($1, $2, $3, $4, now() + interval '1 year', nullif($5, ''), case when $6 then gen_random_uuid() end,
                    case when $6 then now() + interval '1 hour' end, now())
            """,
            id,
            kind,
            Secret,
            state,
            reason ?? "",
            leased
        );
        return id;
    }

    private static string? Code(Answer answer) => answer.Body.GetProperty("code").GetString();

    private static List<Guid> Ids(Answer list) =>
        [.. list.Body.GetProperty("items").EnumerateArray().Select(j => j.GetProperty("id").GetGuid())];
}
