using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>
/// How fast events of a full log are handed over and taken by a subscriber, and how long one waits under a light load: within the process
/// and over a broker, one after the other on the same database. The broker is the development one, on the same two cores.
/// </summary>
internal sealed partial class TransportMeasures(
    Func<IReadOnlyDictionary<string, string>, Task<ServerProcess>> start,
    NpgsqlDataSource database,
    Figures figures,
    bool quick
)
{
    private const int Light = 500;

    public async Task MeasureAsync(string transport, IReadOnlyDictionary<string, string> settings)
    {
        var count = quick ? 8_000 : 24_000;
        var taken = await CountTakenAsync();
        await InsertAsync(count, spread: TimeSpan.Zero);
        await using var server = await start(settings);

        var began = await WhenAsync(async () => await CountUnsentAsync() < count);
        var sent = await WhenAsync(async () => await CountUnsentAsync() == 0);
        var done = await WhenAsync(async () => await CountTakenAsync() >= taken + count);
        var clock = TimeProvider.System;
        figures.Add(
            $"Events of a full log handed over, {transport}",
            Figures.Rate(count / clock.GetElapsedTime(began, sent).TotalSeconds),
            "–",
            "–",
            transport == "Kafka" ? "≥ 20,000/s" : "–",
            "reading the log; over a broker, its acknowledgement"
        );
        figures.Add(
            $"… and taken by a subscriber, {transport}",
            Figures.Rate(count / clock.GetElapsedTime(began, done).TotalSeconds),
            "–",
            "–",
            "–",
            "a row for each event, 25 to a commit"
        );

        var before = await BucketsAsync(server);
        await InsertAsync(Light * (quick ? 4 : 10), TimeSpan.FromSeconds(quick ? 4 : 10));
        await WhenAsync(async () => await CountUnsentAsync() == 0);
        figures.Add(
            $"Change → handed over at {Light} events/s, {transport}: median",
            "≤ " + Figures.Milliseconds(Median(before, await BucketsAsync(server))),
            "–",
            "–",
            "≤ 50 ms",
            "the signal, the read, the hand-over"
        );
    }

    private static async Task<long> WhenAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        return TimeProvider.System.GetTimestamp();
    }

    /// <summary>Requests for messages to nowhere: a subscriber takes each and has nothing more to do.</summary>
    private async Task InsertAsync(int count, TimeSpan spread)
    {
        const string Insert = """
            insert into runtime.events (id, lane, epoch, tenant_id, key, type, topic, occurred_at, data)
            select id, n % 16, (select max(epoch) from runtime.log_epochs), '00000000-0001-7000-8000-000000000001',
                   gen_random_uuid(), 'notification.requested.v1', 'gatehouse.notifications', clock_timestamp(),
                   json_build_object(
                       'notificationId', gen_random_uuid(), 'channel', 'none', 'template', 'registration-code', 'language', 'en',
                       'personal', json_build_object('subject', gen_random_uuid(), 'data', repeat('A', 200)))
              from unnest(@ids) with ordinality as e (id, n)
            """;
        await using var connection = await database.OpenConnectionAsync();
        const int PerBatch = 25;
        var parts = spread == TimeSpan.Zero ? 1 : count / PerBatch;
        for (var part = 0; part < parts; part++)
        {
            await using var command = new NpgsqlCommand(Insert, connection);
            // Ids carry the time: the log's partitions go by it.
            var now = TimeProvider.System.GetUtcNow();
            command.Parameters.AddWithValue("ids", Enumerable.Range(0, count / parts).Select(_ => Guid.CreateVersion7(now)).ToArray());
            await command.ExecuteNonQueryAsync();
            await using (var notify = new NpgsqlCommand("notify gatehouse_events", connection))
                await notify.ExecuteNonQueryAsync();
            await Task.Delay(spread / parts, TimeProvider.System, CancellationToken.None);
        }
    }

    private Task<long> CountTakenAsync() => CountAsync("select count(*) from runtime.inbox where subscriber = 'notifications.send'");

    private Task<long> CountUnsentAsync() =>
        CountAsync(
            """
            select count(*) from runtime.events e join runtime.lanes l using (lane)
             where (e.epoch, e.xid, e.seq) > (l.epoch, l.xid, l.seq)
            """
        );

    private async Task<long> CountAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<SortedDictionary<double, double>> BucketsAsync(ServerProcess server)
    {
        using var http = new HttpClient();
        var management = new UriBuilder(server.Address) { Port = server.Address.Port + 1000, Path = "/metrics" }.Uri;
        var buckets = new SortedDictionary<double, double>();
        foreach (Match bucket in Bucket().Matches(await http.GetStringAsync(management)))
        {
            var end = bucket.Groups[1].Value == "+Inf" ? double.PositiveInfinity : Number(bucket.Groups[1].Value);
            buckets[end] = Number(bucket.Groups[2].Value);
        }

        return buckets;
    }

    private static TimeSpan Median(SortedDictionary<double, double> before, SortedDictionary<double, double> after)
    {
        var since = after.Select(b => (End: b.Key, Count: b.Value - before.GetValueOrDefault(b.Key))).ToList();
        return TimeSpan.FromSeconds(since.First(b => b.Count * 2 >= since[^1].Count).End);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("""gatehouse_events_delay_seconds_bucket\{[^}]*le="([^"]+)"[^}]*\} ([0-9.e+]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Bucket();
}
