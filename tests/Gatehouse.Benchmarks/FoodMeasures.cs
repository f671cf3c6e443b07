using System.Text.Json;
using Gatehouse.V1;
using Google.Protobuf;
using Grpc.Core;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>The check of a token as the neighbours of the food-delivery system ask for it, through the adapter, beside Gatehouse's
/// own.</summary>
/// <param name="adapter">The program of the adapter.</param>
/// <param name="adapterDatabase">An empty database.</param>
internal sealed class FoodMeasures(
    Func<IReadOnlyDictionary<string, string>, Task<ServerProcess>> start,
    Func<string[], string, Task<string>> command,
    string adapter,
    string adapterDatabase,
    NpgsqlDataSource database,
    Figures figures,
    bool quick
)
{
    private const string Administrator = "bench-food@example.com";

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);
    private static readonly Method<byte[], byte[]> GetUserRole = new(MethodType.Unary, "roles.RolesService", "GetUserRole", Bytes, Bytes);

    public async Task MeasureAsync()
    {
        var (port, roles) = (ServerProcess.FreePort(), ServerProcess.FreePort());
        var rpc = new Uri($"http://127.0.0.1:{port}");
        await using var server = await start(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["GATEHOUSE__GRPC__PORT"] = port,
                ["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "false",
            }
        );
        await command(["seed", "deploy/seeds/food-delivery.jsonc", "--yes"], "");
        string[] scopes = ["--scope", "tokens:introspect", "--scope", "users:read", "--scope", "events:read"];
        var client = RpcLoad.Values(await command(["client", "create", "--name", "Adapter", .. scopes], ""));
        using var http = new HttpClient { BaseAddress = server.Address };
        var token = await CustomerAsync(http);
        await using var relying = await ServerProcess.StartAsync(
            adapter,
            listen => ["--FoodDelivery:HttpPort=" + listen, "--FoodDelivery:GrpcPort=" + roles],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ConnectionStrings__FoodDelivery"] = adapterDatabase,
                ["Gatehouse__Authority"] = $"http://localhost:{server.Address.Port}",
                ["Gatehouse__Rpc"] = rpc.AbsoluteUri,
                ["Gatehouse__ClientId"] = client["client_id"],
                ["Gatehouse__ClientSecret"] = client["client_secret"],
                ["Logging__LogLevel__Default"] = "Warning",
            },
            whenReady: "/default-avatar.svg"
        );

        var caller = await RpcLoad.ServiceTokenAsync(http, client);
        var own = await RpcLoad.RateAsync(rpc, quick, calls => Check(calls, caller, token));
        // Both are one text in the first field.
        var request = new CheckRequest { Token = token }.ToByteArray();
        var through = await RpcLoad.RateAsync(
            new Uri($"http://127.0.0.1:{roles}"),
            quick,
            calls => async () => await calls.AsyncUnaryCall(GetUserRole, host: null, default, request)
        );
        figures.AddShare(
            "gRPC: role of a user through the food-delivery adapter",
            through,
            "Gatehouse's own check",
            own,
            "≥ 70 %",
            "the client library's check and the adapter's table of numbers; server and load share the cores"
        );
    }

    private static Func<Task> Check(CallInvoker calls, string caller, string token)
    {
        var client = new V1.Tokens.TokensClient(calls);
        var request = new CheckRequest { Token = token };
        var metadata = RpcLoad.Bearer(caller);
        return async () => await client.CheckAsync(request, metadata);
    }

    /// <summary>A user with the role of a customer, signed in.</summary>
    private async Task<string> CustomerAsync(HttpClient http)
    {
        await using var people = new TestUsers(http.BaseAddress!, database);
        await command(
            ["user", "create", "--email", Administrator, "--name", "Bench", "--password-stdin", "--role", "platform-administrator"],
            TestUsers.Password
        );
        var administrator = await TestUsers.SignInAsync(http, Administrator) ?? throw new InvalidOperationException("busy");
        var email = people.NewEmail();
        var begun = await people.StartAsync(http, email) ?? throw new InvalidOperationException("busy");
        var tokens = await TestUsers.VerifyAsync(http, begun);
        var me = await http.SendAsync(HttpMethod.Get, "/v1/me", token: tokens.Access);
        var roles = await http.SendAsync(HttpMethod.Get, "/v1/roles?limit=100", token: administrator.Access);
        var role = roles.GetProperty("items").EnumerateArray().First(r => r.GetProperty("name").GetString() == "customer");
        await http.SendAsync(HttpMethod.Put, $"/v1/users/{Id(me)}/roles/{Id(role)}", token: administrator.Access);
        return (await TestUsers.SignInAsync(http, email) ?? throw new InvalidOperationException("busy")).Access;
    }

    private static Guid Id(JsonElement item) => item.GetProperty("id").GetGuid();
}
