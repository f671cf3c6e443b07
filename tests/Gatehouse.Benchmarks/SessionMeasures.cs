namespace Gatehouse.Benchmarks;

/// <summary>Signing in, staying signed in, reading the own account.</summary>
internal sealed partial class HttpMeasures
{
    // Below the limits of one address: thirty sign-ins in five minutes, sixty refreshes a minute.
    private const int SignInsPerSource = 28;
    private const int RefreshesPerSource = 58;

    public async Task SignInsAsync(IReadOnlyList<string> users, double hashesPerSecond)
    {
        await SignInAsync(users, TimeSpan.FromSeconds(quick ? 1 : 3));
        var duration = TimeSpan.FromSeconds(quick ? 6 : 30);
        var perSecond = await SignInAsync(users, duration) / duration.TotalSeconds;
        figures.AddShare(
            "Sign-in with password",
            perSecond,
            "hashes only",
            hashesPerSecond,
            "≥ 90 %",
            "hashing, which shares the cores with PostgreSQL and the load"
        );
    }

    public async Task RefreshesAsync(IReadOnlyList<string> users, double updatesPerSecond)
    {
        var held = new Tokens[Workers];
        await AllAsync(async worker =>
        {
            using var http = Source.Next(server);
            held[worker] = await SignInPatientlyAsync(http, users[worker]);
        });
        await RefreshAsync(held, TimeSpan.FromSeconds(1));
        var duration = TimeSpan.FromSeconds(quick ? 4 : 15);
        var perSecond = await RefreshAsync(held, duration) / duration.TotalSeconds;
        figures.AddShare(
            "Refresh (rotating, durable)",
            perSecond,
            "pgbench -N",
            updatesPerSecond,
            "≥ 50 %, 1,000/s per core",
            "one read and one committed statement, each shared by many; server, PostgreSQL and load share the cores"
        );
    }

    public async Task OwnAccountAsync(string user)
    {
        using var http = Source.Next(server);
        var tokens = await SignInPatientlyAsync(http, user);
        var duration = TimeSpan.FromSeconds(quick ? 4 : 10);
        await GetAsync("/v1/me", TimeSpan.FromSeconds(1), tokens.Access);
        var nothing = await GetAsync("/health/live", duration);
        var own = await GetAsync("/v1/me", duration, tokens.Access);
        figures.AddShare(
            "GET /v1/me",
            own,
            "an endpoint that does nothing",
            nothing,
            "≥ 50 %",
            "checking the token's signature and one query; server, PostgreSQL and load share the cores"
        );
    }

    private async Task<int> SignInAsync(IReadOnlyList<string> users, TimeSpan duration)
    {
        var (done, next) = (0, 0);
        var start = TimeProvider.System.GetTimestamp();
        await AllAsync(async () =>
        {
            while (true)
            {
                using var http = Source.Next(server);
                for (var request = 0; request < SignInsPerSource; request++)
                {
                    var signedIn = await TestUsers.SignInAsync(http, users[Interlocked.Increment(ref next) % users.Count]);
                    if (TimeProvider.System.GetElapsedTime(start) > duration)
                        return;
                    if (signedIn is not null)
                        Interlocked.Increment(ref done);
                }
            }
        });
        return done;
    }

    private async Task<int> RefreshAsync(Tokens[] held, TimeSpan duration)
    {
        var done = 0;
        var start = TimeProvider.System.GetTimestamp();
        await AllAsync(async worker =>
        {
            while (true)
            {
                using var http = Source.Next(server);
                for (var request = 0; request < RefreshesPerSource; request++)
                {
                    held[worker] = await TestUsers.RefreshAsync(http, held[worker]);
                    if (TimeProvider.System.GetElapsedTime(start) > duration)
                        return;
                    Interlocked.Increment(ref done);
                }
            }
        });
        return done;
    }

    private static async Task<Tokens> SignInPatientlyAsync(HttpClient http, string user)
    {
        while (true)
        {
            if (await TestUsers.SignInAsync(http, user) is { } tokens)
                return tokens;
        }
    }

    private static Task AllAsync(Func<int, Task> worker) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(number => Task.Run(() => worker(number))));
}
