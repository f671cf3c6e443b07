using System.Globalization;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>Users without a password whom an administrator creates, changes, disables and erases, beside what the cluster
/// commits.</summary>
internal sealed class CycleMeasures(
    Func<IReadOnlyDictionary<string, string>, Task<ServerProcess>> start,
    Func<string[], string, Task> command,
    NpgsqlDataSource database,
    Figures figures,
    bool quick
)
{
    private const string Email = "bench-eraser@example.com";
    private const int Workers = 32;

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "false",
    };

    /// <param name="commitsPerSecond">Of the same cluster.</param>
    public async Task MeasureAsync(double commitsPerSecond)
    {
        await using var server = await start(Settings);
        await command(
            ["user", "create", "--email", Email, "--name", "Bench", "--password-stdin", "--role", "platform-administrator"],
            TestUsers.Password
        );
        using var http = new HttpClient { BaseAddress = server.Address };
        var tokens = await TestUsers.SignInAsync(http, Email) ?? throw new InvalidOperationException("busy");

        await RateAsync(http, tokens.Access, TimeSpan.FromSeconds(quick ? 2 : 5));
        var before = await CommitsAsync();
        var duration = TimeSpan.FromSeconds(quick ? 5 : 20);
        var begun = TimeProvider.System.GetTimestamp();
        var cycles = await RateAsync(http, tokens.Access, duration);
        var commits = (await CommitsAsync() - before) / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        figures.Add(
            "Users created, changed, disabled and erased (four calls)",
            Figures.Rate(cycles),
            "–",
            "–",
            "≥ 200/s",
            "the commits below; server, PostgreSQL and load share the cores"
        );
        figures.AddShare(
            "Commits of these users, with those of the work in the background",
            commits,
            "pgbench -N",
            commitsPerSecond,
            "–",
            "several statements in each"
        );
    }

    private static async Task<double> RateAsync(HttpClient http, string token, TimeSpan duration)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(UntilEndAsync)));
        return done.Sum() / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;

        async Task<int> UntilEndAsync()
        {
            for (var count = 0; ; count++)
            {
                if (TimeProvider.System.GetElapsedTime(begun) > duration)
                    return count;
                await CycleAsync(http, token);
            }
        }
    }

    private static async Task CycleAsync(HttpClient http, string token)
    {
        var email = string.Create(CultureInfo.InvariantCulture, $"cycle-{Guid.NewGuid():N}@example.com");
        var created = await http.SendAsync(
            HttpMethod.Post,
            "/v1/users",
            new
            {
                email,
                name = "Ada",
                sendEmail = false,
            },
            token
        );
        var user = $"/v1/users/{created.GetProperty("id").GetGuid()}";
        await http.SendAsync(HttpMethod.Patch, user, new { givenName = "Ada", title = "Countess" }, token);
        await http.SendAsync(HttpMethod.Post, user + "/disable", new { reason = "bench" }, token);
        await http.SendAsync(HttpMethod.Post, user + "/erase", new { reason = "test" }, token);
    }

    /// <summary>Transactions that wrote, of all databases of the cluster.</summary>
    private async Task<long> CommitsAsync()
    {
        await using var count = database.CreateCommand("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
