using System.Globalization;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Npgsql;

namespace Gatehouse.SystemTests.Rpc;

/// <summary>A call that names no end has one all the same.</summary>
[Trait("Speed", "Slow")]
public sealed class MissingDeadlineTests
{
    [Fact]
    public async Task A_call_without_a_deadline_ends_while_the_database_hangs()
    {
        var port = GatehouseProcess.FreePort();
        await using var app = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Grpc:Port"] = port.ToString(CultureInfo.InvariantCulture),
                // Otherwise the end of the statement would be seen.
                ["Database:CommandTimeoutSeconds"] = "300",
            }
        );
        var admin = await app.TenantAdministratorAsync();
        var caller = RpcApp.Bearer(await app.TokenAsync(await app.ClientAsync(admin, "users:read")));
        using var channel = GrpcChannel.ForAddress(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));
        var users = new Users.UsersClient(channel);
        var asked = new GetUserRequest { Id = admin.UserId.ToString() };
        await users.GetAsync(asked, caller);

        await using var connection = new NpgsqlConnection(app.Databases.Main + ";Pooling=false");
        await connection.OpenAsync();
        await using (var hold = new NpgsqlCommand("begin; lock table identity.users in access exclusive mode", connection))
            await hold.ExecuteNonQueryAsync();

        var (status, _) = await RpcApp.RejectionAsync(users.GetAsync(asked, caller));

        Assert.Equal(StatusCode.Unavailable, status);
    }
}
