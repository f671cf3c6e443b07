using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Gatehouse.Benchmarks;

/// <summary>What the server does over HTTP, with the load made beside it on the same cores.</summary>
internal sealed partial class HttpMeasures(Uri server, TestUsers people, Figures figures, bool quick)
{
    // Below the limits of one address: ten registrations an hour, thirty verifications in ten minutes, 300 other requests a minute.
    private const int RegistrationsPerSource = 9;
    private const int RequestsPerSource = 290;
    private const int Workers = 32;

    /// <summary>Both calls, one after the other, by many people at once.</summary>
    public async Task RegistrationsAsync(double hashesPerSecond)
    {
        await RegisterAsync(TimeSpan.FromSeconds(quick ? 2 : 5), verify: true);
        var duration = TimeSpan.FromSeconds(quick ? 6 : 30);
        var done = await RegisterAsync(duration, verify: true);
        var perSecond = done.Count / duration.TotalSeconds;
        figures.AddShare(
            "Register → code → verify, with hashing",
            perSecond,
            "hashes only",
            hashesPerSecond,
            "hash-bound",
            "hashing, which shares the cores with PostgreSQL and the load"
        );
    }

    /// <summary>Verifications of registrations made before, as fast as they go. Returns the users.</summary>
    public async Task<IReadOnlyList<string>> VerificationsAsync(double updatesPerSecond)
    {
        var waiting = new ConcurrentQueue<Started>(await RegisterAsync(TimeSpan.FromSeconds(quick ? 8 : 40), verify: false));
        var total = waiting.Count;
        var users = waiting.Select(w => w.Email).ToList();
        var start = TimeProvider.System.GetTimestamp();
        await AllAsync(async () =>
        {
            while (true)
            {
                using var http = Source.Next(server);
                for (var request = 0; request < RegistrationsPerSource * 3; request++)
                {
                    if (!waiting.TryDequeue(out var next))
                        return;
                    await TestUsers.VerifyAsync(http, next);
                }
            }
        });
        var perSecond = total / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        figures.AddShare(
            "Verify alone (user, events, keys; durable)",
            perSecond,
            "pgbench -N",
            updatesPerSecond,
            "–",
            "about eleven statements in three commits on two databases"
        );
        return users;
    }

    /// <summary>One after the other and alternating, so that both meet the same machine.</summary>
    public async Task KnownAndUnknownAsync(IReadOnlyList<string> users)
    {
        var pairs = Math.Min(users.Count, quick ? 60 : 300);
        var (known, unknown) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var pair = 0; pair < pairs; pair++)
        {
            using var http = Source.Next(server);
            // The connection is made by a request that is not counted.
            using (await http.GetAsync(new Uri("/health/live", UriKind.Relative))) { }
            if (pair % 2 == 0)
                known.Add(await TestUsers.TimeStartAsync(http, users[pair]));
            unknown.Add(await TestUsers.TimeStartAsync(http, people.NewEmail()));
            if (pair % 2 == 1)
                known.Add(await TestUsers.TimeStartAsync(http, users[pair]));
        }

        var (k, u) = (Statistics.Median(known), Statistics.Median(unknown));
        figures.Add(
            $"Registering a known / an unknown address (medians of {pairs})",
            $"{Figures.Milliseconds(k)} / {Figures.Milliseconds(u)}",
            "–",
            $"{Figures.Milliseconds((k - u).Duration())} apart",
            "< 5 ms apart",
            "one hash and one transaction on both branches"
        );
    }

    public async Task UsernamesAsync()
    {
        var duration = TimeSpan.FromSeconds(quick ? 4 : 10);
        await GetAsync("/v1/usernames/somebody", TimeSpan.FromSeconds(1));
        var nothing = await GetAsync("/health/live", duration);
        var names = await GetAsync("/v1/usernames/somebody", duration);
        figures.AddShare(
            "GET /v1/usernames/{name}",
            names,
            "an endpoint that does nothing",
            nothing,
            "≥ 50 % (goal of /v1/me)",
            "one query; server, PostgreSQL and load share the cores"
        );
    }

    private async Task<List<Started>> RegisterAsync(TimeSpan duration, bool verify)
    {
        var done = new ConcurrentBag<Started>();
        var start = TimeProvider.System.GetTimestamp();
        await AllAsync(async () =>
        {
            while (true)
            {
                using var http = Source.Next(server);
                for (var request = 0; request < RegistrationsPerSource; request++)
                {
                    if (await people.StartAsync(http, people.NewEmail()) is not { } started)
                        continue;
                    if (verify)
                        await TestUsers.VerifyAsync(http, started);
                    if (TimeProvider.System.GetElapsedTime(start) > duration)
                        return;
                    done.Add(started);
                }
            }
        });
        return [.. done];
    }

    private async Task<double> GetAsync(string path, TimeSpan duration, string? accessToken = null)
    {
        var uri = new Uri(path, UriKind.Relative);
        var done = 0;
        var start = TimeProvider.System.GetTimestamp();
        await AllAsync(async () =>
        {
            while (true)
            {
                using var http = Source.Next(server);
                if (accessToken is not null)
                    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
                for (var request = 0; request < RequestsPerSource; request++)
                {
                    using var answer = await http.GetAsync(uri);
                    answer.EnsureSuccessStatusCode();
                    if (TimeProvider.System.GetElapsedTime(start) > duration)
                        return;
                    Interlocked.Increment(ref done);
                }
            }
        });
        return done / duration.TotalSeconds;
    }

    private static Task AllAsync(Func<Task> worker) => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(worker)));
}
