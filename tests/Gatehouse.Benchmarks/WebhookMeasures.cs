using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>
/// Events posted to a receiver on this machine: how many a second from the queue, with a slow receiver beside and all the way from the log;
/// and how fast a service reads the log again over HTTP. The receiver is in this process and shares the cores.
/// </summary>
internal sealed class WebhookMeasures(
    Func<IReadOnlyDictionary<string, string>, Task<ServerProcess>> start,
    Func<string[], string, Task> command,
    NpgsqlDataSource database,
    Figures figures,
    bool quick
)
{
    private const string Email = "bench-webhooks@example.com";
    private const string Goal = "≥ 2,000/s";

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "false",
        ["GATEHOUSE__WEBHOOKS__ALLOWPRIVATEADDRESSES"] = "true",
    };

    private static readonly string[] Kinds = ["session.*"];

    private long received;

    public async Task MeasureAsync()
    {
        await using var server = await start(Settings);
        await command(
            ["user", "create", "--email", Email, "--name", "Bench", "--password-stdin", "--role", "platform-administrator"],
            TestUsers.Password
        );
        using var http = new HttpClient { BaseAddress = server.Address };
        var tokens = await TestUsers.SignInAsync(http, Email) ?? throw new InvalidOperationException("busy");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Access);
        var port = int.Parse(ServerProcess.FreePort(), CultureInfo.InvariantCulture);
        await using var receiver = await ReceiverAsync(port);

        var fast = await CreateAsync(http, $"http://127.0.0.1:{port}/fast");
        await DeliverAsync([fast], quick ? 500 : 2000);
        var alone = await DeliverAsync([fast], quick ? 5_000 : 40_000);
        figures.Add(
            "Deliveries to a webhook",
            Figures.Rate(alone),
            "–",
            "–",
            Goal,
            "a lease and a result for each, in batches; signing, posting"
        );

        var slow = await CreateAsync(http, $"http://127.0.0.1:{port}/slow");
        var beside = await DeliverAsync([fast, slow], quick ? 5_000 : 40_000);
        figures.AddShare(
            "… while another receiver takes 4 s to answer",
            beside,
            "alone",
            alone,
            "≥ 80 %",
            "places of its own for each webhook"
        );
        await RemoveAsync(http, slow);

        var count = quick ? 5_000 : 20_000;
        var begun = TimeProvider.System.GetTimestamp();
        var before = Interlocked.Read(ref received);
        await InsertEventsAsync(count);
        await ReceivedAsync(before + count);
        figures.Add(
            "… from a full log, over the queue",
            Figures.Rate(count / TimeProvider.System.GetElapsedTime(begun).TotalSeconds),
            "–",
            "–",
            "–",
            "the queue: a row for each event and webhook, in the order of the log"
        );
        await RemoveAsync(http, fast);
        await ReplayAsync(http, count);
    }

    private async Task<WebApplication> ReceiverAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        app.MapPost(
            "/fast",
            () =>
            {
                Interlocked.Increment(ref received);
                return TypedResults.Ok();
            }
        );
        app.MapPost(
            "/slow",
            async (HttpContext http) =>
                await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, http.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing)
        );
        await app.StartAsync();
        return app;
    }

    private static async Task<Guid> CreateAsync(HttpClient http, string address)
    {
        using var answer = await http.PostAsJsonAsync("/v1/webhooks", new { address, events = Kinds });
        if (answer.StatusCode != HttpStatusCode.Created)
            throw new InvalidOperationException($"webhook: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("webhook").GetProperty("id").GetGuid();
    }

    private static async Task RemoveAsync(HttpClient http, Guid webhook)
    {
        using var answer = await http.DeleteAsync(new Uri($"/v1/webhooks/{webhook}", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Deliveries a second to the first of the webhooks, each about something of its own; the others get as many.</summary>
    private async Task<double> DeliverAsync(Guid[] webhooks, int count)
    {
        var before = Interlocked.Read(ref received);
        await using (
            var insert = database.CreateCommand(
                """
                insert into webhooks.deliveries (tenant_id, webhook, id, event_id, event_type, key, body, state, next_attempt_at,
                                                 created_at)
                select w.tenant_id, w.id, gen_random_uuid(), gen_random_uuid(), 'user.updated.v1', gen_random_uuid(),
                       json_build_object('specversion', '1.0', 'type', 'user.updated.v1', 'data', repeat('A', 300))::text,
                       'pending', now(), now()
                  from webhooks.webhooks w cross join generate_series(1, $2) where w.id = any($1)
                """
            )
        )
        {
            insert.Parameters.AddWithValue(webhooks);
            insert.Parameters.AddWithValue(count);
            await insert.ExecuteNonQueryAsync();
        }

        // As autovacuum does within a minute: the queue of a moment ago was empty, and plans for an empty table are measured otherwise.
        await using (var analyze = database.CreateCommand("analyze webhooks.deliveries"))
            await analyze.ExecuteNonQueryAsync();

        await ReceivedAsync(before + 1);
        var begun = TimeProvider.System.GetTimestamp();
        var already = Interlocked.Read(ref received);
        await ReceivedAsync(before + count);
        return (before + count - already) / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
    }

    private async Task ReceivedAsync(long count)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (Interlocked.Read(ref received) < count)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromMinutes(5))
                throw new InvalidOperationException($"Only {received} of {count} deliveries came.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Events that nobody else takes, about something of its own each.</summary>
    private async Task InsertEventsAsync(int count)
    {
        await using var insert = database.CreateCommand(
            """
            insert into runtime.events (id, lane, epoch, tenant_id, key, type, topic, occurred_at, data)
            select id, n % 16, (select max(epoch) from runtime.log_epochs), '00000000-0001-7000-8000-000000000001',
                   gen_random_uuid(), 'session.started.v1', 'gatehouse.sessions', clock_timestamp(),
                   json_build_object('sessionId', gen_random_uuid(), 'method', 'password', 'device', repeat('A', 100))
              from unnest($1) with ordinality as e (id, n)
            """
        );
        // Ids carry the time: the log's partitions go by it.
        var now = TimeProvider.System.GetUtcNow();
        insert.Parameters.AddWithValue(Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7(now)).ToArray());
        await insert.ExecuteNonQueryAsync();
        await using var notify = database.CreateCommand("notify gatehouse_events");
        await notify.ExecuteNonQueryAsync();
    }

    /// <summary>The log read from its beginning, page after page by one reader; more than once where it is short.</summary>
    private async Task ReplayAsync(HttpClient http, int least)
    {
        var (read, begun) = (0, TimeProvider.System.GetTimestamp());
        while (read < least * 4)
        {
            for (var (after, more) = ("", true); more; )
            {
                var page = await http.GetFromJsonAsync<JsonElement>("/v1/events?limit=100" + after);
                read += page.GetProperty("items").GetArrayLength();
                after = "&after=" + Uri.EscapeDataString(page.GetProperty("next").GetString()!);
                more = page.GetProperty("more").GetBoolean();
            }
        }

        figures.Add(
            "Events read again over HTTP, 100 a page, one reader",
            Figures.Rate(read / TimeProvider.System.GetElapsedTime(begun).TotalSeconds),
            "–",
            "–",
            "≥ 20,000/s",
            "a query and its JSON for each page, one after the other"
        );
    }
}
