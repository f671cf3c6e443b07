using System.Text.Json;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>From asking for one's data to the finished file, for a user with 10,000 audit records; and what many of them at once cost in
/// memory.</summary>
internal sealed class ExportMeasures(
    Func<IReadOnlyDictionary<string, string>, Task<ServerProcess>> start,
    NpgsqlDataSource database,
    Figures figures
)
{
    private const int Users = 10;
    private const int Records = 10_000;

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "false",
    };

    public async Task MeasureAsync()
    {
        await using var server = await start(Settings);
        await using var people = new TestUsers(server.Address, database);
        using var http = new HttpClient { BaseAddress = server.Address };
        var tokens = new List<string>();
        for (var user = 0; user < Users; user++)
        {
            var begun = await people.StartAsync(http, people.NewEmail()) ?? throw new InvalidOperationException("busy");
            tokens.Add((await TestUsers.VerifyAsync(http, begun)).Access);
        }

        await FillAsync();
        // The first one is compiled while it runs.
        await ExportAsync(http, tokens[0]);
        var before = (await server.MemoryAsync()).Resident;
        var times = new List<TimeSpan>();
        foreach (var token in tokens.Skip(1))
            times.Add(await ExportAsync(http, token));
        times.Sort();
        figures.Add(
            "Export of a user with 10,000 audit records, from the request to the file",
            Figures.Milliseconds(times[times.Count / 2]),
            $"slowest {Figures.Milliseconds(times[^1])}",
            "–",
            "≤ 2 s",
            "reading, JSON and compression; a look each 10 ms"
        );
        figures.Add(
            "Memory that nine exports leave",
            Figures.Megabytes((await server.MemoryAsync()).Resident - before),
            "–",
            "–",
            "–",
            "the compressed files"
        );
    }

    /// <summary>Gives every user records, as copies of one of theirs.</summary>
    private async Task FillAsync()
    {
        await using var command = database.CreateCommand(
            """
            insert into audit.records (tenant_id, id, recorded_at, action, actor, actor_kind, subject, network, device, result, facts,
                                       epoch, xid, seq)
            select tenant_id, (left(id::text, 14) || right(gen_random_uuid()::text, 22))::uuid, recorded_at, action, actor, actor_kind,
                   subject, network, device, result, facts, epoch, xid, -n
              from (select distinct on (subject) * from audit.records where subject is not null order by subject, id desc) one,
                   generate_series(1, $1) n
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = Records });
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<TimeSpan> ExportAsync(HttpClient http, string token)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var operation = (await http.SendAsync(HttpMethod.Post, "/v1/me/export", token: token)).GetProperty("id").GetGuid();
        while (true)
        {
            var state = await http.SendAsync(HttpMethod.Get, $"/v1/operations/{operation}", token: token);
            if (state.GetProperty("state").GetString() == "succeeded")
                return TimeProvider.System.GetElapsedTime(begun);
            if (state.GetProperty("finishedAt").ValueKind != JsonValueKind.Null)
                throw new InvalidOperationException(state.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }
}
