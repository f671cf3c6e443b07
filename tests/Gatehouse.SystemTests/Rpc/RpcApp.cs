using System.Globalization;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gatehouse.SystemTests.Rpc;

/// <summary>The program with its port for relying services.</summary>
public sealed class RpcApp : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public int Port { get; } = GatehouseProcess.FreePort();

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));

    public GrpcChannel Channel { get; private set; } = null!;

    internal SignedIn Admin { get; private set; } = null!;

    /// <summary>A service account that may ask everything.</summary>
    internal TestClient Client { get; private set; } = null!;

    internal string Token { get; private set; } = "";

    /// <summary>What its calls carry.</summary>
    public Metadata Caller => Bearer(Token);

    public static Metadata Bearer(string token) => new() { { "authorization", "Bearer " + token } };

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Grpc:Port"] = Port.ToString(CultureInfo.InvariantCulture),
        };
        App = await TestApp.StartAsync(settings: settings);
        Channel = GrpcChannel.ForAddress(Address);
        Admin = await App.AlwaysFreshAsync(await App.TenantAdministratorAsync());
        Client = await App.ClientAsync(Admin, "tokens:introspect", "access:check", "users:read", "events:read");
        Token = await App.TokenAsync(Client);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await App.DisposeAsync();
    }

    /// <summary>The status of a call that is rejected, and the error code in its details.</summary>
    internal static async Task<(StatusCode Status, string? Reason)> RejectionAsync<T>(AsyncUnaryCall<T> call)
    {
        var rejected = await Assert.ThrowsAsync<RpcException>(async () => await call);
        return (rejected.StatusCode, rejected.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason);
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class RpcGroup : ICollectionFixture<RpcApp>
{
    public const string Name = "gRPC";
}
