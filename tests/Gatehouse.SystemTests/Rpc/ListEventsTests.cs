using System.Net;
using System.Text.Json;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Rpc;

/// <summary>Events as services read them again over HTTP.</summary>
[Collection(RpcGroup.Name)]
public sealed class ListEventsTests(RpcApp rpc)
{
    private const string Path = "/v1/events";

    [Fact]
    public async Task Every_event_of_the_tenant_is_read_once_in_order_whatever_the_size_of_a_page()
    {
        var from = await NextAsync($"{Path}?after=newest");
        var user = await rpc.App.Users.SomebodyAsync();
        await rpc.App.QuietAsync();
        var whole = await ReadAsync(from, "&limit=100");
        Assert.Superset(
            new HashSet<string>(["notification.requested.v1", "user.registered.v1", "user.verified.v1"], StringComparer.Ordinal),
            whole.Select(Type).ToHashSet(StringComparer.Ordinal)
        );
        Assert.Equal(whole.Select(Id), (await ReadAsync(from, "&limit=1")).Select(Id));
        Assert.Equal(whole.Count, whole.Select(Id).Distinct().Count());

        var own = whole.Where(e =>
            e.GetProperty("subject").GetGuid() == user.UserId && e.GetProperty("subjectversion").ValueKind == JsonValueKind.Number
        );
        Assert.Equal(Enumerable.Range(1, own.Count()).Select(n => (long)n), own.Select(e => e.GetProperty("subjectversion").GetInt64()));
        Assert.DoesNotContain(user.Email, string.Concat(whole.Select(e => e.ToString())), StringComparison.OrdinalIgnoreCase);

        var some = await ReadAsync(from, "&types=user.verified.v1,user.registered.v1");
        Assert.Equal(whole.Where(e => Type(e) is "user.verified.v1" or "user.registered.v1").Select(Id), some.Select(Id));
    }

    [Fact]
    public async Task The_log_is_read_from_its_beginning_without_a_cursor()
    {
        await rpc.App.QuietAsync();
        var oldest = await rpc.App.ScalarAsync<Guid>("select id from runtime.events order by epoch, xid, seq limit 1");
        var first = await rpc.App.CallAsync(HttpMethod.Get, Path + "?limit=1", rpc.Admin);
        Assert.Equal(oldest, first.Body.GetProperty("items")[0].GetProperty("id").GetGuid());
        Assert.True(first.Body.GetProperty("more").GetBoolean());
    }

    [Fact]
    public async Task An_event_whose_transaction_commits_late_is_not_skipped()
    {
        var from = await NextAsync($"{Path}?after=newest");
        await using var connection = new NpgsqlConnection(rpc.App.Databases.Main);
        await connection.OpenAsync();
        await using var late = await connection.BeginTransactionAsync();
        await using (var number = new NpgsqlCommand("select pg_current_xact_id()", connection, late))
            await number.ExecuteScalarAsync();
        var user = await rpc.App.Users.RegisterAsync(TestUsers.NewEmail());
        Assert.Equal(HttpStatusCode.Accepted, user.Status);
        // What lies behind the open transaction is not told, and the cursor stays before it.
        Assert.Empty(await ReadAsync(from, ""));
        await late.CommitAsync();
        await TestApp.EventuallyAsync(async () => (await ReadAsync(from, "")).Count > 0, "the events are told");
    }

    [Theory]
    [InlineData("?after=x", "request.cursor-malformed")]
    [InlineData("?after=", "request.cursor-malformed")]
    [InlineData("?after=Newest", "request.cursor-malformed")]
    [InlineData("?after=_____________________________________w", "request.cursor-malformed")]
    [InlineData("?limit=0", "request.out-of-range")]
    [InlineData("?limit=101", "request.out-of-range")]
    public async Task Bad_questions_are_rejected(string query, string code)
    {
        var rejected = await rpc.App.CallAsync(HttpMethod.Get, Path + query, rpc.Admin);
        Assert.Equal(HttpStatusCode.BadRequest, rejected.Status);
        Assert.Equal(code, rejected.Body.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_cursor_older_than_what_is_kept_says_that_events_may_be_missing()
    {
        var replay = rpc.App.Services.GetRequiredService<EventReplay>();
        var old = replay.Oldest with { ReadAt = rpc.App.Clock.GetUtcNow() - TimeSpan.FromDays(31) - TimeSpan.FromMinutes(1) };
        var answer = await rpc.App.CallAsync(HttpMethod.Get, $"{Path}?after={Gatehouse.Web.Events.EventCursor.Text(old)}", rpc.Admin);
        Assert.Equal((HttpStatusCode.Gone, "events.cursor-expired"), (answer.Status, answer.Code));

        // Who began with the oldest events and is slow has another day.
        foreach (var cursor in new[] { replay.Oldest, replay.Oldest with { Seq = 1, ReadAt = old.ReadAt + TimeSpan.FromMinutes(2) } })
            Assert.False(replay.IsExpired(cursor));
    }

    [Fact]
    public async Task Events_of_other_tenants_are_passed_over()
    {
        var from = await NextAsync($"{Path}?after=newest");
        await rpc
            .App.Services.GetRequiredService<Database>()
            .InTransactionAsync(
                "test",
                tx =>
                {
                    var foreign = Guid.CreateVersion7(tx.Now);
                    tx.Publish(foreign, foreign, new Gatehouse.Contracts.Events.TenantDisabledV1 { TenantId = foreign });
                    return Task.FromResult(true);
                },
                CancellationToken.None
            );
        await rpc.App.QuietAsync();
        Assert.DoesNotContain(await ReadAsync(from, ""), e => Type(e) == "tenant.disabled.v1");
        Assert.NotEqual(from, await NextAsync($"{Path}?after={from}"));
    }

    private async Task<List<JsonElement>> ReadAsync(string from, string query)
    {
        var events = new List<JsonElement>();
        for (var more = true; more; )
        {
            var page = await rpc.App.CallAsync(HttpMethod.Get, $"{Path}?after={from}{query}", rpc.Admin);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            events.AddRange(page.Body.GetProperty("items").EnumerateArray());
            from = page.Body.GetProperty("next").GetString()!;
            more = page.Body.GetProperty("more").GetBoolean();
        }

        return events;
    }

    private async Task<string> NextAsync(string path) =>
        (await rpc.App.CallAsync(HttpMethod.Get, path, rpc.Admin)).Body.GetProperty("next").GetString()!;

    private static string Type(JsonElement e) => e.GetProperty("type").GetString()!;

    private static Guid Id(JsonElement e) => e.GetProperty("id").GetGuid();
}
