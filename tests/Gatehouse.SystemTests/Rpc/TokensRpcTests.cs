using System.Net;
using System.Net.Http.Headers;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.V1;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;

namespace Gatehouse.SystemTests.Rpc;

/// <summary>What a relying service is told about access tokens.</summary>
[Collection(RpcGroup.Name)]
public sealed class TokensRpcTests(RpcApp rpc)
{
    private readonly Tokens.TokensClient tokens = new(rpc.Channel);

    [Fact]
    public async Task A_good_token_says_whose_it_is_and_what_its_owner_may_do_now()
    {
        var user = await rpc.App.Users.SomebodyAsync();
        var plain = await CheckAsync(user.Tokens.Access);
        Assert.Equal(user.UserId.ToString(), plain.User);
        Assert.Equal(user.Tokens.SessionId.ToString(), plain.Session);
        Assert.Equal(user.Tokens.Claims.GetProperty("tid").GetString(), plain.Tenant);
        Assert.Equal(user.Tokens.Claims.GetProperty("exp").GetInt64(), plain.ExpiresAt.Seconds);
        Assert.Equal(user.Tokens.Claims.GetProperty("auth_time").GetInt64(), plain.AuthenticatedAt.Seconds);
        Assert.Empty(plain.Permissions);

        // A role counts from the moment it is given, for a token that does not name it.
        await rpc.App.WithRoleAsync(user, BuiltInRole.TenantAdministrator);
        await TestApp.EventuallyAsync(
            async () => (await CheckAsync(user.Tokens.Access)).Permissions.Contains("users:write"),
            "the permission is there"
        );
        Assert.Empty((await CheckAsync(user.Tokens.Access)).Roles);
        Assert.Contains("tokens:introspect", (await CheckAsync(rpc.Admin.Tokens.Access)).Permissions);

        var path = user.RolePath(BuiltInRole.TenantAdministrator);
        Assert.Equal(HttpStatusCode.NoContent, (await rpc.App.Users.SendAsync(HttpMethod.Delete, path, rpc.Admin, body: null)).Status);
        await TestApp.EventuallyAsync(async () => (await CheckAsync(user.Tokens.Access)).Permissions.Count == 0, "the permission is gone");
    }

    [Fact]
    public async Task The_token_of_a_user_who_is_not_verified_is_not_good_until_then()
    {
        var app = rpc.App;
        var (_, role) = await app.OpenRoleAsync(rpc.Admin, new { state = "open", signInBeforeVerification = true });
        var email = TestUsers.NewEmail();
        var started = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(email, ("role", role)));
        var early = started.Tokens();
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(early)).Status);
        Assert.Equal((StatusCode.Unauthenticated, "identity.token-not-good"), await RejectionAsync(early.Access));

        var verified = await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(email)).Code);
        Assert.Equal(HttpStatusCode.Created, verified.Status);
        var next = (await app.Users.RefreshAsync(early.Refresh)).Tokens();
        Assert.Equal([role], (await CheckAsync(next.Access)).Roles);
    }

    [Fact]
    public async Task The_token_of_a_service_account_says_which_one_it_is()
    {
        var client = await rpc.App.ClientAsync(rpc.Admin, "users:read", "users:write");
        var token = await rpc.App.TokenAsync(client, "users:read");
        var checkedToken = await CheckAsync(token);
        Assert.Equal((client.Id.ToString(), "users:read"), (checkedToken.Client, Assert.Single(checkedToken.Permissions)));
        Assert.False(checkedToken.HasUser || checkedToken.HasSession);
        await rpc.App.CallAsync(HttpMethod.Post, client.Path + "/disable", rpc.Admin);
        Assert.Equal((StatusCode.Unauthenticated, "identity.token-not-good"), await RejectionAsync(token));
    }

    [Fact]
    public async Task A_token_that_is_not_good_is_one_answer_whatever_is_wrong_with_it()
    {
        var user = await rpc.App.Users.SomebodyAsync();
        var good = user.Tokens.Access;
        var ended = await rpc.App.Users.SomebodyAsync();
        await rpc.App.Users.SendAsync(HttpMethod.Delete, "/v1/sessions/current", ended.Tokens);
        foreach (
            var token in new[]
            {
                "",
                "x",
                good[..^1],
                good + "=",
                good + good,
                user.Tokens.Refresh,
                ended.Tokens.Access,
                new string('a', 5000),
                "eyJhbGciOiJub25lIn0.e30.",
            }
        )
            Assert.Equal((StatusCode.Unauthenticated, "identity.token-not-good"), await RejectionAsync(token));
    }

    [Fact]
    public async Task Who_may_not_ask_is_rejected_before_the_token_is_looked_at()
    {
        var user = await rpc.App.Users.SomebodyAsync();
        var asked = new CheckRequest { Token = rpc.Admin.Tokens.Access };
        Assert.Equal(
            (StatusCode.PermissionDenied, "request.forbidden"),
            await RpcApp.RejectionAsync(tokens.CheckAsync(asked, RpcApp.Bearer(user.Tokens.Access)))
        );
        foreach (
            var caller in new[]
            {
                new Metadata(),
                RpcApp.Bearer("x"),
                RpcApp.Bearer(""),
                new() { { "authorization", "Basic eDp5" } },
            }
        )
            Assert.Equal(
                (StatusCode.Unauthenticated, "request.unauthenticated"),
                await RpcApp.RejectionAsync(tokens.CheckAsync(asked, caller))
            );
        var elsewhere = rpc.Caller;
        elsewhere.Add("gatehouse-tenant", "nobody-has-this");
        Assert.Equal((StatusCode.NotFound, "request.tenant-unknown"), await RpcApp.RejectionAsync(tokens.CheckAsync(asked, elsewhere)));
    }

    [Fact]
    public async Task A_rejection_says_in_the_callers_language_what_is_wrong()
    {
        var caller = rpc.Caller;
        caller.Add("accept-language", "es");
        var rejected = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Users.UsersClient(rpc.Channel).GetAsync(new GetUserRequest { Id = "x" }, caller)
        );
        Assert.Equal(StatusCode.InvalidArgument, rejected.StatusCode);
        var field = Assert.Single(rejected.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations);
        Assert.Equal(("ids[0]", "request.invalid-text"), (field.Field, field.Reason));
        Assert.NotEqual("", field.Description);
    }

    [Fact]
    public async Task What_is_no_call_harms_nothing()
    {
        using var http = new HttpClient
        {
            BaseAddress = rpc.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var path in new[] { "/", "/v1/me", "/admin", "/health/live", "/metrics", "/gatehouse.split.v1.Split/FindTenant" })
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);

        // Frames: none, cut off, longer than said, compressed in no known way, huge.
        foreach (
            var frame in new byte[][]
            {
                [],
                [0, 0],
                [0, 0, 0, 0, 200, 10],
                [0, 0xff, 0xff, 0xff, 0xff],
                [1, 0, 0, 0, 1, 0],
                [0, 0, 0, 0, 2, 0xff, 0xff],
                [0, 0, 2, 0, 0, .. new byte[0x20000]],
            }
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/gatehouse.v1.Tokens/Check")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(frame),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", rpc.Admin.Tokens.Access);
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
            using var answer = await http.SendAsync(request);
            await answer.Content.ReadAsByteArrayAsync();
            var status = answer.TrailingHeaders.Concat(answer.Headers).First(h => h.Key == "grpc-status").Value.Single();
            Assert.NotEqual("0", status);
        }

        Assert.Equal(rpc.Admin.UserId.ToString(), (await CheckAsync(rpc.Admin.Tokens.Access)).User);
        Assert.DoesNotContain(rpc.App.Logs.Lines, line => line.Contains("Unexpected failure", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_public_port_answers_no_call_and_an_unknown_method_is_unimplemented()
    {
        using var call = new ByteArrayContent([0, 0, 0, 0, 0]);
        call.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await rpc.App.Http.PostAsync(new Uri("/gatehouse.v1.Tokens/Check", UriKind.Relative), call)).StatusCode
        );

        var unknown = new Method<CheckRequest, CheckReply>(
            MethodType.Unary,
            "gatehouse.v1.Tokens",
            "Mint",
            Marshallers.Create<CheckRequest>(_ => [], _ => new CheckRequest()),
            Marshallers.Create<CheckReply>(_ => [], _ => new CheckReply())
        );
        var rejected = await Assert.ThrowsAsync<RpcException>(async () =>
            await rpc.Channel.CreateCallInvoker().AsyncUnaryCall(unknown, host: null, new CallOptions(rpc.Caller), new CheckRequest())
        );
        Assert.Equal(StatusCode.Unimplemented, rejected.StatusCode);
    }

    [Fact]
    public async Task Health_and_reflection_are_for_everybody()
    {
        var health = new Grpc.Health.V1.Health.HealthClient(rpc.Channel);
        foreach (var service in new[] { "", "gatehouse.v1.Tokens" })
            Assert.Equal(
                HealthCheckResponse.Types.ServingStatus.Serving,
                (await health.CheckAsync(new HealthCheckRequest { Service = service })).Status
            );
        var unknown = await Assert.ThrowsAsync<RpcException>(async () =>
            await health.CheckAsync(new HealthCheckRequest { Service = "gatehouse.v1.Nothing" })
        );
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);

        using var reflection = new ServerReflection.ServerReflectionClient(rpc.Channel).ServerReflectionInfo();
        await reflection.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await reflection.ResponseStream.MoveNext(CancellationToken.None));
        var names = reflection.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name);
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal) { "gatehouse.v1.Tokens", "gatehouse.v1.Access", "gatehouse.v1.Users" },
            names.ToHashSet(StringComparer.Ordinal)
        );
        await reflection.RequestStream.CompleteAsync();
    }

    private async Task<CheckReply> CheckAsync(string token) => await tokens.CheckAsync(new CheckRequest { Token = token }, rpc.Caller);

    private Task<(StatusCode, string?)> RejectionAsync(string token) =>
        RpcApp.RejectionAsync(tokens.CheckAsync(new CheckRequest { Token = token }, rpc.Caller));
}
