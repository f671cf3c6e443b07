using System.Globalization;
using System.Net;
using System.Text.Json;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gatehouse.SystemTests.Rpc;

/// <summary>The stream by which relying services hear of revocations.</summary>
[Collection(RpcGroup.Name)]
public sealed class RevocationStreamTests(RpcApp rpc)
{
    private readonly Tokens.TokensClient tokens = new(rpc.Channel);

    [Fact]
    public async Task A_session_that_ended_is_told_to_open_streams_and_to_later_ones_and_only_once_to_who_goes_on()
    {
        var before = await SignedOutAsync();
        using var open = Watch();
        await UntilAsync(open, before);

        var during = await SignedOutAsync();
        var cursor = await UntilAsync(open, during);

        var after = await SignedOutAsync();
        using var resumed = Watch(cursor);
        await UntilAsync(resumed, after);
        foreach (var session in new[] { before, during, after })
        {
            using var fresh = Watch();
            await UntilAsync(fresh, session);
        }
    }

    [Fact]
    public async Task Another_node_tells_it_too()
    {
        var port = GatehouseProcess.FreePort();
        await using var other = await rpc.App.StartNodeAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Grpc:Port"] = port.ToString(CultureInfo.InvariantCulture) }
        );
        using var channel = GrpcChannel.ForAddress(new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"));
        using var there = new Tokens.TokensClient(channel).WatchRevocations(new WatchRevocationsRequest(), rpc.Caller);
        await FirstAsync(there);
        await UntilAsync(there, await SignedOutAsync());
    }

    [Fact]
    public async Task A_stream_without_revocations_says_that_it_lives_and_ends_with_the_right_to_read_it()
    {
        var reader = await rpc.App.WithRoleAsync(BuiltInRole.TenantAdministrator);
        using var stream = tokens.WatchRevocations(new WatchRevocationsRequest(), RpcApp.Bearer(reader.Tokens.Access));
        await FirstAsync(stream);
        for (var sign = 0; sign < 2; sign++)
            Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));

        await rpc.App.AssertDoneAsync(HttpMethod.Delete, reader.RolePath(BuiltInRole.TenantAdministrator), rpc.Admin);
        var ended = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.ResponseStream.MoveNext(CancellationToken.None)) { }
        });
        Assert.Equal(StatusCode.Unauthenticated, ended.StatusCode);
    }

    [Fact]
    public async Task A_reader_is_told_of_its_own_tenant_only_unless_it_is_one_of_the_platform()
    {
        var platform = await rpc.App.PlatformAdministratorAsync();
        var made = await rpc.App.CallAsync(HttpMethod.Post, "/v1/tenants", platform, new { name = "elsewhere", displayName = "Elsewhere" });
        var tenant = made.Body.GetProperty("id").GetGuid();
        using var own = Watch();
        using var all = tokens.WatchRevocations(new WatchRevocationsRequest(), RpcApp.Bearer(platform.Tokens.Access));
        await FirstAsync(own);
        await FirstAsync(all);

        var foreign = Guid.CreateVersion7(rpc.App.Clock.GetUtcNow());
        rpc.App.Services.GetRequiredService<Gatehouse.Identity.Tokens.Revocations>().Add(tenant, [foreign]);
        var here = await SignedOutAsync();
        await UntilAsync(all, foreign.ToString());
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await UntilAsync(own, here, seen);
        Assert.DoesNotContain(foreign.ToString(), seen);

        // A tenant that is disabled is told, and none of its tokens is good.
        var theirs = await rpc.App.ClientAsync(
            platform,
            new { name = "Shop", scopes = ClientCalls.Scopes("users:read") },
            ("Gatehouse-Tenant", "elsewhere")
        );
        var token = (
            await rpc.App.FormAsync(
                ClientCalls.TokenPath,
                [("grant_type", "client_credentials")],
                ("Authorization", "Basic " + theirs.Basic),
                ("Gatehouse-Tenant", "elsewhere")
            )
        )
            .Body.GetProperty("access_token")
            .GetString()!;
        var check = new CheckRequest { Token = token };
        var caller = RpcApp.Bearer(platform.Tokens.Access);
        Assert.Equal(theirs.Id.ToString(), (await tokens.CheckAsync(check, caller)).Client);
        await rpc.App.AssertDoneAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/disable", platform);
        await UntilAsync(all, "tenant " + tenant);
        Assert.Equal(
            (StatusCode.Unauthenticated, "identity.token-not-good"),
            await RpcApp.RejectionAsync(tokens.CheckAsync(check, caller))
        );
    }

    [Fact]
    public async Task Tokens_of_service_accounts_are_told_one_by_one_or_all_of_a_client()
    {
        using var stream = Watch();
        await FirstAsync(stream);
        var client = await rpc.App.ClientAsync(rpc.Admin, "users:read");
        var token = await rpc.App.TokenAsync(client);
        var id = JsonDocument
            .Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]))
            .RootElement.GetProperty("jti")
            .GetString();
        Assert.Equal(HttpStatusCode.OK, (await rpc.App.PostAsync(ClientCalls.RevocationPath, client, ("token", token))).Status);
        await UntilAsync(stream, "token " + id);

        // As often as it happens.
        for (var time = 0; time < 2; time++)
        {
            await rpc.App.CallAsync(HttpMethod.Post, client.Path + "/disable", rpc.Admin);
            await UntilAsync(stream, "client " + client.Id);
            await rpc.App.CallAsync(HttpMethod.Post, client.Path + "/enable", rpc.Admin);
        }

        await rpc.App.CallAsync(HttpMethod.Delete, client.Path, rpc.Admin);
        var cursor = await UntilAsync(stream, "client " + client.Id);
        using var resumed = Watch(cursor);
        await UntilAsync(resumed, "client " + client.Id);
    }

    [Fact]
    public async Task A_stream_of_a_client_that_is_disabled_ends()
    {
        var client = await rpc.App.ClientAsync(rpc.Admin, "tokens:introspect");
        using var stream = tokens.WatchRevocations(new WatchRevocationsRequest(), RpcApp.Bearer(await rpc.App.TokenAsync(client)));
        await FirstAsync(stream);
        await rpc.App.CallAsync(HttpMethod.Post, client.Path + "/disable", rpc.Admin);
        var ended = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.ResponseStream.MoveNext(CancellationToken.None)) { }
        });
        Assert.Equal(StatusCode.Unauthenticated, ended.StatusCode);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_reader_that_takes_nothing_holds_nobody_up_and_is_ended()
    {
        using var stuck = Watch();
        using var other = Watch();
        await FirstAsync(stuck);
        await FirstAsync(other);
        var tenant = Guid.Parse(rpc.Admin.Tokens.Claims.GetProperty("tid").GetString()!);
        var many = Enumerable.Range(0, 40_000).Select(_ => Guid.CreateVersion7(rpc.App.Clock.GetUtcNow())).ToList();
        rpc.App.Services.GetRequiredService<Gatehouse.Identity.Tokens.Revocations>().Add(tenant, many);
        await UntilAsync(other, many[^1].ToString());
        await UntilAsync(other, await SignedOutAsync());

        // Long enough for what is in the buffers of both sides not to hide it.
        await Task.Delay(TimeSpan.FromSeconds(25), TimeProvider.System, CancellationToken.None);
        var ended = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            using var limit = new CancellationTokenSource(TestApp.Patience, TimeProvider.System);
            while (await stuck.ResponseStream.MoveNext(limit.Token)) { }
        });
        Assert.NotEqual(StatusCode.Cancelled, ended.StatusCode);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("____________")]
    [InlineData("__________8")]
    [InlineData("AAAAAAAAAAAA")]
    public async Task A_cursor_that_nobody_gave_out_is_rejected(string cursor)
    {
        using var stream = Watch(cursor);
        var rejected = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.InvalidArgument, rejected.StatusCode);
    }

    private AsyncServerStreamingCall<WatchRevocationsReply> Watch(string cursor = "") =>
        tokens.WatchRevocations(new WatchRevocationsRequest { Cursor = cursor }, rpc.Caller);

    private async Task<string> SignedOutAsync()
    {
        var user = await rpc.App.Users.SomebodyAsync();
        await rpc.App.Users.SendAsync(HttpMethod.Delete, "/v1/sessions/current", user.Tokens);
        return user.Tokens.SessionId.ToString();
    }

    private static async Task<HashSet<string>> FirstAsync(AsyncServerStreamingCall<WatchRevocationsReply> stream)
    {
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        return [.. stream.ResponseStream.Current.Revocations.Select(What)];
    }

    private static async Task<string> UntilAsync(
        AsyncServerStreamingCall<WatchRevocationsReply> stream,
        string session,
        HashSet<string>? seen = null
    )
    {
        using var limit = new CancellationTokenSource(TestApp.Patience, TimeProvider.System);
        while (await stream.ResponseStream.MoveNext(limit.Token))
        {
            var reply = stream.ResponseStream.Current;
            seen?.UnionWith(reply.Revocations.Select(What));
            if (reply.Revocations.Any(r => What(r) == session))
                return reply.Cursor;
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private static string What(Revocation revocation) =>
        revocation.RevokedCase switch
        {
            Revocation.RevokedOneofCase.Tenant => "tenant " + revocation.Tenant,
            Revocation.RevokedOneofCase.Session => revocation.Session,
            Revocation.RevokedOneofCase.Token => "token " + revocation.Token,
            _ => "client " + revocation.Client,
        };
}
