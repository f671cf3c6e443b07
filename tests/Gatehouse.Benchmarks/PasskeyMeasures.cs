using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>Sign-ins with a passkey, both calls, beside what they cost at least: checking an ES256 signature, and a commit.</summary>
internal sealed class PasskeyMeasures(
    Func<IReadOnlyDictionary<string, string>, Task<ServerProcess>> start,
    NpgsqlDataSource database,
    Figures figures,
    bool quick
)
{
    private const int Workers = 32;

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "false",
    };

    /// <param name="commitsPerSecond">Of the same cluster.</param>
    public async Task MeasureAsync(double commitsPerSecond)
    {
        var checks = await ChecksAsync(TimeSpan.FromSeconds(quick ? 2 : 5));
        await using var server = await start(Settings);
        await using var people = new TestUsers(server.Address, database);
        using var http = new HttpClient { BaseAddress = server.Address };
        var origin = server.Address.GetLeftPart(UriPartial.Authority).Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        var devices = new ConcurrentQueue<SoftwareAuthenticator>();
        for (var user = 0; user < Workers * 2; user++)
            devices.Enqueue(await AddAsync(http, people, origin));

        await RateAsync(http, devices, TimeSpan.FromSeconds(quick ? 2 : 5));
        var rate = await RateAsync(http, devices, TimeSpan.FromSeconds(quick ? 5 : 20));
        figures.AddShare(
            "Sign-ins with a passkey (options and answer)",
            rate,
            "one ES256 check and one commit",
            1 / ((1 / checks) + (1 / commitsPerSecond)),
            "≥ 60 %",
            "two commits with a session, its events and the audit; the load signs on the same cores"
        );
    }

    /// <summary>Signatures checked a second, on all cores.</summary>
    private static async Task<double> ChecksAsync(TimeSpan duration)
    {
        var data = RandomNumberGenerator.GetBytes(69);
        var begun = TimeProvider.System.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(CheckUntilEnd)));
        return done.Sum() / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;

        int CheckUntilEnd()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var signature = key.SignData(data, HashAlgorithmName.SHA256);
            for (var count = 0; ; count++)
            {
                if (TimeProvider.System.GetElapsedTime(begun) > duration)
                    return count;
                if (!key.VerifyData(data, signature, HashAlgorithmName.SHA256))
                    throw new InvalidOperationException("A good signature was rejected.");
            }
        }
    }

    private static async Task<SoftwareAuthenticator> AddAsync(HttpClient http, TestUsers people, string origin)
    {
        var begun = await people.StartAsync(http, people.NewEmail()) ?? throw new InvalidOperationException("busy");
        var tokens = await TestUsers.VerifyAsync(http, begun);
        var device = new SoftwareAuthenticator(origin);
        var options = await http.SendAsync(HttpMethod.Post, "/v1/me/passkeys/options", token: tokens.Access);
        var credential = device.Create(options.GetProperty("publicKey"));
        var ceremonyId = options.GetProperty("ceremonyId").GetString();
        await http.SendAsync(
            HttpMethod.Post,
            "/v1/me/passkeys",
            new
            {
                ceremonyId,
                name = "Bench",
                credential,
            },
            tokens.Access
        );
        return device;
    }

    private static async Task<double> RateAsync(HttpClient http, ConcurrentQueue<SoftwareAuthenticator> devices, TimeSpan duration)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => SignInUntilEndAsync()));
        return done.Sum() / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;

        async Task<int> SignInUntilEndAsync()
        {
            for (var count = 0; ; count++)
            {
                if (TimeProvider.System.GetElapsedTime(begun) > duration)
                    return count;
                if (!devices.TryDequeue(out var device))
                    throw new InvalidOperationException("Each worker has a device.");
                var options = await http.SendAsync(HttpMethod.Post, "/v1/passkey-options");
                var credential = device.Get(options.GetProperty("publicKey"));
                await http.SendAsync(
                    HttpMethod.Post,
                    "/v1/passkey-sessions",
                    new { ceremonyId = options.GetProperty("ceremonyId").GetString(), credential }
                );
                devices.Enqueue(device);
            }
        }
    }
}
