using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;
using OtpNet;

namespace Gatehouse.Benchmarks;

/// <summary>Sign-ins with a password and a code of an authenticator app, both calls, beside the hashes that the passwords cost.</summary>
internal sealed class TotpMeasures(
    Func<IReadOnlyDictionary<string, string>, Task<ServerProcess>> start,
    NpgsqlDataSource database,
    Figures figures,
    bool quick
)
{
    // As many as the sign-ins with a password alone.
    private const int Workers = 32;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "false",
    };

    public async Task MeasureAsync(double hashesPerSecond)
    {
        await using var server = await start(Settings);
        await using var people = new TestUsers(server.Address, database);
        using var http = new HttpClient { BaseAddress = server.Address };
        var users = await AddAsync(http, people, quick ? 100 : 600);

        // A code counts once: setting up took the one of the step before, so two are left, of this step and of the next one.
        await SignInAllAsync(http, users.Take(Workers), stepsAhead: 0);
        var measured = users.Skip(Workers).ToList();
        var begun = TimeProvider.System.GetTimestamp();
        await SignInAllAsync(http, measured, stepsAhead: 0);
        await SignInAllAsync(http, measured, stepsAhead: 1);
        figures.AddShare(
            "Sign-in with password and authenticator app",
            measured.Count * 2 / TimeProvider.System.GetElapsedTime(begun).TotalSeconds,
            "hashes only",
            hashesPerSecond,
            "≥ 90 %",
            "hashing, which shares the cores with two transactions and the load"
        );
    }

    private static async Task<List<User>> AddAsync(HttpClient http, TestUsers people, int count)
    {
        var users = new ConcurrentBag<User>();
        await AllAsync(async () =>
        {
            while (users.Count < count)
            {
                var email = people.NewEmail();
                if (await people.StartAsync(http, email) is not { } begun)
                    continue;
                var tokens = await TestUsers.VerifyAsync(http, begun);
                var enrollment = await http.SendAsync(HttpMethod.Post, "/v1/me/totp", token: tokens.Access);
                var user = new User(email, new Totp(Base32Encoding.ToBytes(enrollment.GetProperty("secret").GetString())));
                await http.SendAsync(HttpMethod.Post, "/v1/me/totp/confirm", new { code = user.Code(-1) }, tokens.Access);
                users.Add(user);
            }
        });
        return [.. users];
    }

    private static async Task SignInAllAsync(HttpClient http, IEnumerable<User> users, int stepsAhead)
    {
        var waiting = new ConcurrentQueue<User>(users);
        await AllAsync(async () =>
        {
            while (waiting.TryDequeue(out var user))
                await SignInAsync(http, user, stepsAhead);
        });
    }

    private static async Task SignInAsync(HttpClient http, User user, int stepsAhead)
    {
        JsonElement challenge;
        do
        {
            challenge = await TestUsers.BeginSignInAsync(http, user.Email);
        } while (challenge.ValueKind == JsonValueKind.Undefined);
        var id = challenge.GetProperty("challengeId").GetGuid();
        await http.SendAsync(HttpMethod.Post, $"/v1/challenges/{id}", new { factor = "totp", code = user.Code(stepsAhead) });
    }

    private static Task AllAsync(Func<Task> work) => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(work)));

    private sealed record User(string Email, Totp App)
    {
        public string Code(int stepsAhead) => App.ComputeTotp((TimeProvider.System.GetUtcNow() + (stepsAhead * Step)).UtcDateTime);
    }
}
