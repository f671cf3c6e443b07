using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>
/// Users created in the background: how many a second, with and without a password, from the first request to the last user; how long it
/// takes from the answer to the live result; what an open live stream costs in memory, and how soon it ends with its session. Codes were
/// sent before.
/// </summary>
internal sealed class CreationMeasures(
    Func<IReadOnlyDictionary<string, string>, Task<ServerProcess>> start,
    Func<string[], string, Task> command,
    NpgsqlDataSource database,
    Figures figures,
    bool quick
)
{
    private const string Email = "bench-creator@example.com";
    private const int Workers = 32;
    private const int StreamsPerUser = 900;

    private static readonly Dictionary<string, string> Unlimited = new(StringComparer.Ordinal)
    {
        // One service creates more users than one address may ask for.
        ["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "false",
        ["GATEHOUSE__LIVE__STREAMSPERACTOR"] = "1000",
        ["GATEHOUSE__LIVE__STREAMS"] = "10000",
    };

    private readonly ConcurrentQueue<(Guid Verification, string Code)> waiting = new();
    private int count;

    public async Task MeasureAsync(double hashesPerSecond)
    {
        await using var server = await start(Unlimited);
        await command(
            ["user", "create", "--email", Email, "--name", "Bench", "--password-stdin", "--role", "platform-administrator"],
            TestUsers.Password
        );
        await using var people = new TestUsers(server.Address, database);
        using var http = new HttpClient { BaseAddress = server.Address };
        var tokens = await TestUsers.SignInAsync(http, Email) ?? throw new InvalidOperationException("busy");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Access);

        await RateAsync(http, people, quick ? 50 : 200, password: false);
        var without = await RateAsync(http, people, quick ? 300 : 3000, password: false);
        figures.Add(
            "Queued creations without password",
            Figures.Rate(without),
            "–",
            "–",
            "≥ 300/s",
            "three transactions and two statements in the key store for each"
        );
        var with = await RateAsync(http, people, quick ? 100 : 1000, password: true);
        figures.AddShare(
            "Queued creations with password",
            with,
            "hashes only",
            hashesPerSecond,
            "≥ 90 %",
            "hashing, which shares the cores with PostgreSQL and the load"
        );
        await DelayAsync(http, people);
        await MemoryAsync(http, server, people);
    }

    /// <summary>Users a second, until the last one exists.</summary>
    private async Task<double> RateAsync(HttpClient http, TestUsers people, int users, bool password)
    {
        await PrepareAsync(http, people, users);
        var begun = TimeProvider.System.GetTimestamp();
        var before = await CreatedAsync();
        await AllAsync(async () =>
        {
            while (waiting.TryDequeue(out var next))
                await CreateAsync(http, next, password ? TestUsers.Password : null);
        });
        while (await CreatedAsync() < before + users)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        return users / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
    }

    private async Task PrepareAsync(HttpClient http, TestUsers people, int users)
    {
        var left = users;
        await AllAsync(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var email = string.Create(CultureInfo.InvariantCulture, $"created{Interlocked.Increment(ref count)}@example.com");
                var code = people.CodeAsync(email);
                using var answer = await http.PostAsJsonAsync("/v1/verifications", new { purpose = "user-creation", email });
                answer.EnsureSuccessStatusCode();
                var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
                waiting.Enqueue((body.GetProperty("verificationId").GetGuid(), await code.WaitAsync(TimeSpan.FromSeconds(60))));
            }
        });
    }

    private static async Task<Guid> CreateAsync(HttpClient http, (Guid Verification, string Code) begun, string? password)
    {
        while (true)
        {
            using var answer = await http.PostAsJsonAsync(
                "/v1/user-creations",
                new
                {
                    verificationId = begun.Verification,
                    code = begun.Code,
                    name = "Ada",
                    password,
                    sendEmail = false,
                }
            );
            // Too many passwords wait to be hashed.
            if (answer.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
                continue;
            }

            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        }
    }

    private async Task<long> CreatedAsync()
    {
        await using var created = database.CreateCommand(
            "select count(*) from runtime.operations where kind = 'users.create' and state = 'succeeded'"
        );
        return (long)(await created.ExecuteScalarAsync())!;
    }

    /// <summary>From the answer to the result on the stream, one after the other.</summary>
    [SuppressMessage("Reliability", "CA2025", Justification = "The reading is awaited; if a request fails before, the bench ends.")]
    private async Task DelayAsync(HttpClient http, TestUsers people)
    {
        var users = quick ? 40 : 300;
        await PrepareAsync(http, people, users);
        var ended = new ConcurrentDictionary<Guid, TaskCompletionSource<long>>();
        using var live = await http.GetAsync(new Uri("/v1/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        live.EnsureSuccessStatusCode();
        await using var stream = await live.Content.ReadAsStreamAsync();
        using var stop = new CancellationTokenSource();
        var reading = ReadAsync(stream, ended, stop.Token);
        var delays = new List<TimeSpan>();
        while (waiting.TryDequeue(out var next))
        {
            var id = await CreateAsync(http, next, password: null);
            var answered = TimeProvider.System.GetTimestamp();
            var told = await Arrival(ended, id).Task.WaitAsync(TimeSpan.FromSeconds(30));
            delays.Add(TimeProvider.System.GetElapsedTime(answered, Math.Max(answered, told)));
        }

        await stop.CancelAsync();
        await reading;
        figures.Add(
            "From 202 to the live result, median, p99",
            $"{Figures.Milliseconds(Statistics.Median(delays))}, {Figures.Milliseconds(Statistics.Percentile99(delays))}",
            "–",
            "–",
            "median ≤ 50 ms",
            "three commits, and the reader's pause of 15 ms"
        );
    }

    private static async Task ReadAsync(
        Stream stream,
        ConcurrentDictionary<Guid, TaskCompletionSource<long>> ended,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
            {
                if (item.EventType != "operation")
                    continue;
                var operation = JsonDocument.Parse(item.Data).RootElement;
                if (operation.GetProperty("state").GetString() == "succeeded")
                    Arrival(ended, operation.GetProperty("id").GetGuid()).TrySetResult(TimeProvider.System.GetTimestamp());
            }
        }
        catch (OperationCanceledException)
        {
            // All were told.
        }
    }

    private static TaskCompletionSource<long> Arrival(ConcurrentDictionary<Guid, TaskCompletionSource<long>> ended, Guid id) =>
        ended.GetOrAdd(id, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>What the process grows by for each stream that is open and told nothing.</summary>
    private async Task MemoryAsync(HttpClient http, ServerProcess server, TestUsers people)
    {
        var streams = quick ? 500 : 5000;
        var open = new ConcurrentBag<(HttpResponseMessage Answer, Tokens Of)>();
        var users = new List<Tokens>();
        for (var user = 0; user <= streams / StreamsPerUser; user++)
        {
            var started = await people.StartAsync(http, people.NewEmail()) ?? throw new InvalidOperationException("busy");
            users.Add(await TestUsers.VerifyAsync(http, started));
        }

        // The first ones pay for pools.
        await OpenAsync(http, users, open, 100);
        var (before, _) = await server.MemoryAsync();
        await OpenAsync(http, users, open, streams);
        var (after, _) = await server.MemoryAsync();
        await EndAsync(http, users[0], [.. open]);
        foreach (var (answer, _) in open)
            answer.Dispose();
        figures.Add(
            $"Memory per open live stream, of {streams.ToString("#,0", CultureInfo.InvariantCulture)}",
            string.Create(CultureInfo.InvariantCulture, $"{(after - before) * 1000 / streams:0.0} KB"),
            "–",
            "–",
            "≤ 20 KB",
            "the connection and its buffers; garbage that was not collected counts, too"
        );
    }

    /// <summary>From the end of one user's sessions to the end of the last of their streams, with the others open.</summary>
    private async Task EndAsync(HttpClient http, Tokens user, IReadOnlyList<(HttpResponseMessage Answer, Tokens Of)> open)
    {
        var own = open.Where(stream => stream.Of == user).Select(stream => DrainAsync(stream.Answer)).ToArray();
        var others = open.Where(stream => stream.Of != user).Select(stream => DrainAsync(stream.Answer)).ToArray();
        var begun = TimeProvider.System.GetTimestamp();
        using (var request = new HttpRequestMessage(HttpMethod.Delete, "/v1/sessions"))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user.Access);
            using var answer = await http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }

        await Task.WhenAll(own).WaitAsync(TimeSpan.FromSeconds(30));
        var elapsed = TimeProvider.System.GetElapsedTime(begun);
        if (others.Count(stream => stream.IsCompleted) is > 0 and var ended)
            throw new InvalidOperationException($"{ended} streams of others ended, too");
        figures.Add(
            string.Create(CultureInfo.InvariantCulture, $"From a sign-out to the end of its {own.Length:#,0} streams, of {open.Count:#,0}"),
            Figures.Milliseconds(elapsed),
            "–",
            "–",
            "≤ 1,000 ms",
            "the reader looks four times a second whether tokens are good; no other stream ended"
        );
    }

    private static async Task DrainAsync(HttpResponseMessage answer)
    {
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync();
            await stream.CopyToAsync(Stream.Null);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            // The bench closed it.
        }
    }

    private static async Task OpenAsync(
        HttpClient http,
        List<Tokens> users,
        ConcurrentBag<(HttpResponseMessage Answer, Tokens Of)> open,
        int streams
    )
    {
        var left = streams;
        await AllAsync(async () =>
        {
            while (Interlocked.Decrement(ref left) is >= 0 and var number)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/live");
                var user = users[number % users.Count];
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user.Access);
                var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                open.Add((answer, user));
                answer.EnsureSuccessStatusCode();
            }
        });
    }

    private static Task AllAsync(Func<Task> work) => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(work)));
}
