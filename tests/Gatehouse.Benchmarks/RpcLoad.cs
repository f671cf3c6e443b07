using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gatehouse.Benchmarks;

/// <summary>Calls over gRPC as a service makes them: one after the other by each of many, over a few connections.</summary>
internal static class RpcLoad
{
    private const int Workers = 32;
    private const int Channels = 4;

    /// <summary>Calls a second.</summary>
    /// <param name="prepare">Makes what a worker calls again and again.</param>
    public static async Task<double> RateAsync(Uri address, bool quick, Func<CallInvoker, Func<Task>> prepare)
    {
        var channels = Enumerable.Range(0, Channels).Select(_ => GrpcChannel.ForAddress(address)).ToList();
        await CountAsync(TimeSpan.FromSeconds(2));
        var duration = TimeSpan.FromSeconds(quick ? 4 : 10);
        var done = await CountAsync(duration);
        channels.ForEach(channel => channel.Dispose());
        return done / duration.TotalSeconds;

        async Task<int> CountAsync(TimeSpan time)
        {
            var (count, begun) = (0, TimeProvider.System.GetTimestamp());
            await Task.WhenAll(
                Enumerable
                    .Range(0, Workers)
                    .Select(worker =>
                        Task.Run(async () =>
                        {
                            var call = prepare(channels[worker % Channels].CreateCallInvoker());
                            while (TimeProvider.System.GetElapsedTime(begun) < time)
                            {
                                await call();
                                Interlocked.Increment(ref count);
                            }
                        })
                    )
            );
            return count;
        }
    }

    /// <summary>What <c>gatehouse client create</c> printed.</summary>
    public static Dictionary<string, string> Values(string created) =>
        created
            .Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(p => p.Length == 2)
            .ToDictionary(p => p[0], p => p[1].Trim(), StringComparer.Ordinal);

    public static async Task<string> ServiceTokenAsync(HttpClient http, Dictionary<string, string> client)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = client["client_id"],
                ["client_secret"] = client["client_secret"],
            }
        );
        using var answer = await http.PostAsync(new Uri("/oauth2/token", UriKind.Relative), form);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    public static Metadata Bearer(string token) => new() { { "authorization", "Bearer " + token } };
}
