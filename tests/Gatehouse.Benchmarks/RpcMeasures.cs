using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Gatehouse.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>What relying services wait for: a token check over gRPC beside a call that does nothing, and a revocation.</summary>
internal sealed class RpcMeasures(
    Func<IReadOnlyDictionary<string, string>, Task<ServerProcess>> start,
    Func<Task<(ServerProcess Server, Uri Rpc)>> startBare,
    Func<string[], Task<ServerProcess>> startRelying,
    Func<string[], Task<string>> command,
    NpgsqlDataSource database,
    Figures figures,
    bool quick
)
{
    private const int Workers = 32;
    private const int Streams = 1000;

    public async Task MeasureAsync()
    {
        var created = await command(["client", "create", "--name", "Bench", "--scope", "tokens:introspect"]);
        var values = RpcLoad.Values(created);
        var port = ServerProcess.FreePort();
        var address = new Uri($"http://127.0.0.1:{port}");
        await using var server = await start(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["GATEHOUSE__GRPC__PORT"] = port,
                ["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "false",
            }
        );
        using var http = new HttpClient { BaseAddress = server.Address };
        var caller = await RpcLoad.ServiceTokenAsync(http, values);
        await using var people = new TestUsers(server.Address, database);
        var tokens = await NewSessionAsync(http, people);

        var ceiling = await NothingAsync(caller, tokens.Access);
        var check = await ChecksAsync(address, caller, tokens.Access);
        figures.AddShare(
            "gRPC: check of a token, sent again and again",
            check,
            "a call that does nothing",
            ceiling,
            "≥ 70 %",
            "authenticating the caller and writing the reply; server and load share the cores"
        );
        await RevocationsAsync(http, people, (address, caller));
        await StreamsAsync(server, (address, caller));
        var authority = $"http://localhost:{server.Address.Port.ToString(CultureInfo.InvariantCulture)}";
        await RelyingAsync([authority, address.AbsoluteUri, values["client_id"], values["client_secret"]], tokens.Access, (http, people));
    }

    // Alternating, so that both meet the same machine. Both are sent the token.
    private async Task RelyingAsync(string[] settings, string token, (HttpClient Http, TestUsers People) gatehouse)
    {
        await using var relying = await startRelying(settings);
        var (bare, _) = await startBare();
        await using var host = bare;
        await GetAsync(bare, "/health/ready", TimeSpan.FromSeconds(2));
        await GetAsync(relying, "/checked", TimeSpan.FromSeconds(2));
        var (nothing, judged) = (0d, 0d);
        const int Rounds = 4;
        for (var round = 0; round < Rounds; round++)
        {
            nothing += await GetAsync(bare, "/health/ready", TimeSpan.FromSeconds(quick ? 1 : 3));
            judged += await GetAsync(relying, "/checked", TimeSpan.FromSeconds(quick ? 1 : 3));
        }

        figures.AddShare(
            "Client library: a request with a token, sent again and again",
            judged / Rounds,
            "an endpoint that does nothing",
            nothing / Rounds,
            "≥ 95 %",
            "a look-up by 600 characters, a principal for each request and the framework's authorization"
        );
        await SeenAsync(relying, gatehouse.Http, gatehouse.People);

        async Task<double> GetAsync(ServerProcess asked, string path, TimeSpan time)
        {
            using var http = new HttpClient { BaseAddress = asked.Address };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var (count, begun, uri) = (0, TimeProvider.System.GetTimestamp(), new Uri(path, UriKind.Relative));
            await Task.WhenAll(
                Enumerable
                    .Range(0, Workers)
                    .Select(_ =>
                        Task.Run(async () =>
                        {
                            while (TimeProvider.System.GetElapsedTime(begun) < time)
                            {
                                using var answer = await http.GetAsync(uri);
                                answer.EnsureSuccessStatusCode();
                                Interlocked.Increment(ref count);
                            }
                        })
                    )
            );
            return count / time.TotalSeconds;
        }
    }

    // What a user of the service meets: it is asked again and again, from the sign-out on.
    private async Task SeenAsync(ServerProcess relying, HttpClient http, TestUsers people)
    {
        using var service = new HttpClient { BaseAddress = relying.Address };
        var times = new List<TimeSpan>();
        for (var session = 0; session < (quick ? 20 : 60); session++)
        {
            var tokens = await NewSessionAsync(http, people);
            using (var good = await SendAsync(service, HttpMethod.Get, "/checked", tokens))
                good.EnsureSuccessStatusCode();
            using (var answer = await SendAsync(http, HttpMethod.Delete, "/v1/sessions/current", tokens))
                answer.EnsureSuccessStatusCode();
            var begun = TimeProvider.System.GetTimestamp();
            while (true)
            {
                using var asked = await SendAsync(service, HttpMethod.Get, "/checked", tokens);
                if (asked.StatusCode == HttpStatusCode.Unauthorized)
                    break;
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
            }

            times.Add(TimeProvider.System.GetElapsedTime(begun));
        }

        figures.Add(
            "Client library: from the answer to a sign-out to the first request that is rejected, p99",
            Figures.Milliseconds(Statistics.Percentile99(times)),
            "–",
            "–",
            "≤ 1 s",
            "the stream of revocations"
        );
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient to, HttpMethod method, string path, Tokens tokens)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Access);
        return await to.SendAsync(request);
    }

    // It is sent as much.
    private async Task<double> NothingAsync(string caller, string token)
    {
        var (server, rpc) = await startBare();
        await using (server)
            return await ChecksAsync(rpc, caller, token);
    }

    private Task<double> ChecksAsync(Uri address, string caller, string token) =>
        RpcLoad.RateAsync(
            address,
            quick,
            calls =>
            {
                var client = new V1.Tokens.TokensClient(calls);
                var request = new CheckRequest { Token = token };
                var metadata = RpcLoad.Bearer(caller);
                return async () => await client.CheckAsync(request, metadata);
            }
        );

    private async Task RevocationsAsync(HttpClient http, TestUsers people, (Uri Address, string Caller) rpc)
    {
        using var channel = GrpcChannel.ForAddress(rpc.Address);
        using var stream = new V1.Tokens.TokensClient(channel).WatchRevocations(new WatchRevocationsRequest(), RpcLoad.Bearer(rpc.Caller));
        await stream.ResponseStream.MoveNext(CancellationToken.None);
        var times = new List<TimeSpan>();
        for (var session = 0; session < (quick ? 20 : 60); session++)
        {
            var tokens = await NewSessionAsync(http, people);
            var begun = TimeProvider.System.GetTimestamp();
            using var answer = await SendAsync(http, HttpMethod.Delete, "/v1/sessions/current", tokens);
            answer.EnsureSuccessStatusCode();
            do
            {
                await stream.ResponseStream.MoveNext(CancellationToken.None);
            } while (stream.ResponseStream.Current.Revocations.Count == 0);

            times.Add(TimeProvider.System.GetElapsedTime(begun));
        }

        figures.Add(
            "gRPC: from sign-out to the stream of a service, p99",
            Figures.Milliseconds(Statistics.Percentile99(times)),
            "–",
            "–",
            "≤ 1 s",
            "the commit; another node reads it within 250 ms"
        );
    }

    private async Task StreamsAsync(ServerProcess server, (Uri Address, string Caller) rpc)
    {
        var before = (await server.MemoryAsync()).Resident;
        using var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        using var channel = GrpcChannel.ForAddress(rpc.Address, new GrpcChannelOptions { HttpHandler = handler });
        var client = new V1.Tokens.TokensClient(channel);
        var streams = new List<AsyncServerStreamingCall<WatchRevocationsReply>>();
        for (var number = 0; number < Streams; number++)
            streams.Add(client.WatchRevocations(new WatchRevocationsRequest(), RpcLoad.Bearer(rpc.Caller)));
        await Task.WhenAll(streams.Select(stream => stream.ResponseStream.MoveNext(CancellationToken.None)));
        using var stopping = new CancellationTokenSource();
        var reading = streams.Select(stream => ReadAsync(stream, stopping.Token)).ToList();
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken.None);
        var after = (await server.MemoryAsync()).Resident;
        await stopping.CancelAsync();
        await Task.WhenAll(reading);
        streams.ForEach(stream => stream.Dispose());
        figures.Add(
            "gRPC: memory of an open stream of revocations",
            string.Create(CultureInfo.InvariantCulture, $"{(after - before) * 1000 / Streams:0.0} KB"),
            string.Create(CultureInfo.InvariantCulture, $"{Streams} streams"),
            "–",
            "≤ 20 KB",
            "the server's buffers of a stream"
        );
    }

    private static async Task ReadAsync(AsyncServerStreamingCall<WatchRevocationsReply> stream, CancellationToken stop)
    {
        try
        {
            while (await stream.ResponseStream.MoveNext(stop)) { }
        }
        catch (RpcException) when (stop.IsCancellationRequested)
        {
            // Meant.
        }
    }

    private static async Task<Tokens> NewSessionAsync(HttpClient http, TestUsers people) =>
        await TestUsers.VerifyAsync(http, await people.StartAsync(http, people.NewEmail()) ?? throw new InvalidOperationException("busy"));
}
