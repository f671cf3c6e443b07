using System.Globalization;
using System.Net;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.SystemTests.Rpc;
using Npgsql;

namespace Gatehouse.SystemTests.Client;

/// <summary>A relying service, as a real process.</summary>
[Trait("Speed", "Slow")]
[Collection(RpcGroup.Name)]
public sealed class SampleServiceTests(RpcApp rpc)
{
    private const string Permission = "sample.orders:read";

    [Fact]
    public async Task Requests_are_answered_by_what_their_token_is_and_a_sign_out_is_seen()
    {
        await using var sample = await StartAsync();
        var user = await rpc.App.Users.SomebodyAsync();
        var token = user.Tokens.Access;
        Assert.Equal(HttpStatusCode.Unauthorized, await sample.GetAsync("/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, await sample.GetAsync("/me", "x"));
        Assert.Equal(HttpStatusCode.Unauthorized, await sample.GetAsync("/me", user.Tokens.Refresh));
        Assert.Equal(HttpStatusCode.OK, await sample.GetAsync("/me", token));
        Assert.Equal(HttpStatusCode.OK, await sample.GetAsync($"/customers/{user.UserId}", token));
        Assert.Equal(HttpStatusCode.NotFound, await sample.GetAsync($"/customers/{Guid.Empty}", token));
        var account = await LocalClient.AccountAsync(rpc);
        Assert.Equal(HttpStatusCode.OK, await sample.GetAsync("/me", await rpc.App.TokenAsync(account)));

        // Sooner than a stream that was cut would be noticed; a busy machine may need a second try.
        var (tries, seen) = (0, TimeSpan.MaxValue);
        for (; seen > TimeSpan.FromSeconds(4) && tries < 5; tries++)
        {
            user = await rpc.App.Users.SomebodyAsync();
            Assert.Equal(HttpStatusCode.OK, await sample.GetAsync("/me", user.Tokens.Access));
            await rpc.App.Users.SendAsync(HttpMethod.Delete, "/v1/sessions/current", user.Tokens);
            var ended = TimeProvider.System.GetTimestamp();
            await TestApp.EventuallyAsync(
                async () => await sample.GetAsync("/me", user.Tokens.Access) == HttpStatusCode.Unauthorized,
                "the sign-out is seen",
                meanwhile: () => sample.Output
            );
            seen = TimeProvider.System.GetElapsedTime(ended);
        }

        Assert.True(tries < 5 || seen <= TimeSpan.FromSeconds(4), $"The sign-out is seen after {seen}.");
    }

    [Fact]
    public async Task A_permission_is_needed_and_a_role_gives_it_at_once()
    {
        await RegisterPermissionAsync();
        await using var sample = await StartAsync();
        var user = await rpc.App.Users.SomebodyAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await sample.GetAsync("/orders"));
        Assert.Equal(HttpStatusCode.Forbidden, await sample.GetAsync("/orders", user.Tokens.Access));
        Assert.Equal(HttpStatusCode.Forbidden, await sample.GetAsync("/organizations/x/orders", user.Tokens.Access));

        var role = await rpc.App.CallAsync(
            HttpMethod.Post,
            "/v1/roles",
            rpc.Admin,
            new { name = "order-reader", permissions = new[] { Permission } }
        );
        Assert.True(role.Status == HttpStatusCode.Created, role.Text);
        await rpc.App.AssertDoneAsync(HttpMethod.Put, user.RolePath(role.Body.GetProperty("id").GetGuid()), rpc.Admin);
        await TestApp.EventuallyAsync(
            async () => await sample.GetAsync("/orders", user.Tokens.Access) == HttpStatusCode.OK,
            "the permission counts",
            meanwhile: () => sample.Output
        );
    }

    [Fact]
    public async Task A_service_that_was_stopped_for_too_long_forgets_who_is_gone()
    {
        var database = (await (await TestDatabases.GetAsync()).CreateEmptyAsync()).Main;
        var account = await LocalClient.AccountAsync(rpc);
        var user = (await rpc.App.Users.SomebodyAsync()).UserId;
        await using (var before = await StartAsync(database, account))
            await TestApp.EventuallyAsync(
                async () => (await before.CustomersAsync()).Contains(user),
                "the user is a customer",
                meanwhile: () => before.Output
            );

        var gone = Guid.CreateVersion7(rpc.App.Clock.GetUtcNow());
        var oldest = rpc.App.Services.GetRequiredService<EventReplay>().Oldest;
        var old = oldest with { ReadAt = rpc.App.Clock.GetUtcNow() - TimeSpan.FromDays(31) };
        await using var own = NpgsqlDataSource.Create(database);
        await using var customer = own.CreateCommand("insert into customers (user_id) values ($1)");
        customer.Parameters.Add(new NpgsqlParameter { Value = gone });
        await customer.ExecuteNonQueryAsync();
        await using var set = own.CreateCommand("update gatehouse_events.cursors set cursor = $1");
        set.Parameters.Add(new NpgsqlParameter { Value = Gatehouse.Web.Events.EventCursor.Text(old) });
        Assert.Equal(1, await set.ExecuteNonQueryAsync());

        await using var sample = await StartAsync(database, account);
        await TestApp.EventuallyAsync(
            async () => !(await sample.CustomersAsync()).Contains(gone),
            "who is gone is forgotten",
            meanwhile: () => sample.Output
        );
        Assert.Contains(user, await sample.CustomersAsync());
    }

    [Fact]
    public async Task Each_registration_is_handled_once_whenever_the_service_is_killed()
    {
        var database = (await (await TestDatabases.GetAsync()).CreateEmptyAsync()).Main;
        var account = await LocalClient.AccountAsync(rpc);
        var known = new List<Guid>();
        // Between any two statements, and before and behind each commit.
        for (var step = 8; step <= 40; step += 8)
        {
            await using var killed = await StartAsync(
                database,
                account,
                killAt: string.Create(CultureInfo.InvariantCulture, $"* * {step}")
            );
            known.Add((await rpc.App.Users.SomebodyAsync()).UserId);
            known.Add((await rpc.App.Users.SomebodyAsync()).UserId);
            await TestApp.EventuallyAsync(
                () => Task.FromResult(killed.HasEnded),
                $"it is killed at step {step}",
                meanwhile: () => killed.Output
            );
        }

        known.Add((await rpc.App.Users.SomebodyAsync()).UserId);
        await using var sample = await StartAsync(database, account);
        await TestApp.EventuallyAsync(
            async () => !known.Except(await sample.CustomersAsync()).Any(),
            "all are handled",
            meanwhile: () => sample.Output
        );
        var handled = await sample.CustomersAsync();
        Assert.Equal(handled.Distinct().Count(), handled.Count);
    }

    [Fact]
    public async Task While_gatehouse_is_away_requests_are_put_off_and_afterwards_they_are_answered_again()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Http:Port"] = GatehouseProcess.FreePort().ToString(CultureInfo.InvariantCulture),
            ["Grpc:Port"] = GatehouseProcess.FreePort().ToString(CultureInfo.InvariantCulture),
        };
        var app = await TestApp.StartAsync(settings: settings);
        var admin = await app.TenantAdministratorAsync();
        var account = await app.ClientAsync(admin, "access:check", "events:read", "tokens:introspect", "users:read");
        var database = (await (await TestDatabases.GetAsync()).CreateEmptyAsync()).Main;
        await using var sample = await SampleProcess.StartAsync(
            Settings(database, account, app.Http.BaseAddress!, $"http://127.0.0.1:{settings["Grpc:Port"]}")
        );
        var user = await app.Users.SomebodyAsync();
        Assert.Equal(HttpStatusCode.OK, await sample.GetAsync("/me", user.Tokens.Access));

        await app.DisposeAsync();
        await TestApp.EventuallyAsync(
            async () =>
            {
                var status = await sample.GetAsync("/me", user.Tokens.Access);
                Assert.Contains(status, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable });
                return status == HttpStatusCode.ServiceUnavailable;
            },
            "requests are put off",
            meanwhile: () => sample.Output
        );
        Assert.Equal(HttpStatusCode.Unauthorized, await sample.GetAsync("/me", "x"));

        await using var again = await TestApp.StartAsync(app.Databases, settings: settings);
        await again.Users.SendAsync(HttpMethod.Delete, "/v1/sessions/current", admin.Tokens);
        await TestApp.EventuallyAsync(
            async () =>
                await sample.GetAsync("/me", user.Tokens.Access) == HttpStatusCode.OK
                && await sample.GetAsync("/me", admin.Tokens.Access) == HttpStatusCode.Unauthorized,
            "requests are answered again",
            meanwhile: () => sample.Output
        );
        var late = await again.Users.SomebodyAsync();
        await TestApp.EventuallyAsync(
            async () => (await sample.CustomersAsync()).Contains(late.UserId),
            "events are read again",
            meanwhile: () => sample.Output
        );
    }

    private async Task RegisterPermissionAsync()
    {
        var platform = await rpc.App.PlatformAdministratorAsync();
        var made = await rpc.App.CallAsync(
            HttpMethod.Post,
            "/v1/permissions",
            platform,
            new
            {
                name = Permission,
                level = "tenant",
                description = "Read orders.",
            }
        );
        Assert.True(made.Status is HttpStatusCode.Created or HttpStatusCode.Conflict, made.Text);
    }

    private async Task<SampleProcess> StartAsync() =>
        await StartAsync((await (await TestDatabases.GetAsync()).CreateEmptyAsync()).Main, await LocalClient.AccountAsync(rpc));

    private Task<SampleProcess> StartAsync(string database, TestClient account, string? killAt = null) =>
        SampleProcess.StartAsync(Settings(database, account, rpc.App.Http.BaseAddress!, rpc.Address.AbsoluteUri), killAt);

    private static Dictionary<string, string> Settings(string database, TestClient account, Uri address, string calls) =>
        new(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Shop"] = database,
            ["Gatehouse:Authority"] = "http://localhost:8080",
            ["Gatehouse:Address"] = address.AbsoluteUri,
            ["Gatehouse:Rpc"] = calls,
            ["Gatehouse:ClientId"] = account.ClientId,
            ["Gatehouse:ClientSecret"] = account.Secret,
        };
}
