using System.Diagnostics.Metrics;
using System.Security.Claims;
using Gatehouse.Client;
using Gatehouse.Identity.Tokens;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.SystemTests.OpenId.SignIn;
using Gatehouse.SystemTests.Rpc;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Client;

/// <summary>Which tokens the library accepts.</summary>
[Collection(RpcGroup.Name)]
public sealed class TokenCheckTests(RpcApp rpc)
{
    [Fact]
    public async Task A_good_token_is_accepted_with_its_claims_and_what_is_none_is_not()
    {
        await using var client = await LocalClient.StartAsync(rpc);
        var user = await rpc.App.Users.SomebodyAsync();
        var token = user.Tokens.Access;
        var good = await client.Tokens.CheckAsync(token, CancellationToken.None);
        Assert.NotNull(good);
        Assert.Equal(user.UserId.ToString(), good.Identity.FindFirst("sub")?.Value);
        Assert.Equal(user.Tokens.SessionId.ToString(), good.Identity.FindFirst("sid")?.Value);
        Assert.Equal("gatehouse", good.Identity.FindFirst("client_id")?.Value);
        Assert.Same(good, await client.Tokens.CheckAsync(token, CancellationToken.None));

        var account = await LocalClient.AccountAsync(rpc);
        var machine = await client.Tokens.CheckAsync(await rpc.App.TokenAsync(account, "users:read"), CancellationToken.None);
        Assert.Equal((account.ClientId, "users:read"), (Claim("client_id"), Claim("scope")));

        var (head, body) = (token.Split('.')[0], token.Split('.')[1]);
        foreach (
            var wrong in new[]
            {
                "",
                "x",
                "..",
                token[..^2],
                token + ".x.y",
                $"{head}.{body}.",
                $"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{body}.",
                user.Tokens.Refresh,
                new string('a', 5000),
                token + "é",
            }
        )
            Assert.False(await client.AcceptsAsync(wrong), wrong);

        string? Claim(string name) => machine!.Identity.FindFirst(name)?.Value;
    }

    [Fact]
    public async Task A_token_of_another_issuer_or_for_another_audience_is_not_accepted()
    {
        var token = (await rpc.App.Users.SomebodyAsync()).Tokens.Access;
        await using var foreign = await LocalClient.StartAsync(rpc, options => options.Authority = "http://localhost:8081");
        await using var other = await LocalClient.StartAsync(rpc, options => options.Audience = "shop");
        Assert.False(await foreign.AcceptsAsync(token));
        Assert.False(await other.AcceptsAsync(token));
    }

    [Fact]
    public async Task A_token_that_was_issued_at_a_tenants_domain_is_accepted_if_the_service_says_so()
    {
        const string Domain = "services.example";
        await rpc.App.ExecuteAsync(
            "insert into organizations.verified_domains (domain, tenant_id, method, verified_at) values ($1, $2, 'dns', now())",
            Domain,
            Gatehouse.Core.Tenants.DefaultTenant.Id
        );
        var account = await LocalClient.AccountAsync(rpc);
        var token = "";
        await TestApp.EventuallyAsync(
            async () =>
            {
                var answer = await rpc.App.FormAsync(
                    ClientCalls.TokenPath,
                    [("grant_type", "client_credentials"), ("scope", "users:read")],
                    ("Authorization", "Basic " + account.Basic),
                    ("Host", Domain)
                );
                token = answer.Body.GetProperty("access_token").GetString()!;
                return AppTokens.Part(token, 1).GetProperty("iss").GetString() == $"http://{Domain}:8080";
            },
            "the domain is known"
        );
        await using var plain = await LocalClient.StartAsync(rpc);
        await using var open = await LocalClient.StartAsync(rpc, options => options.AcceptTenantDomains = true);
        await using var foreign = await LocalClient.StartAsync(
            rpc,
            options => (options.Authority, options.AcceptTenantDomains) = ("http://localhost:8081", true)
        );
        Assert.False(await plain.AcceptsAsync(token));
        Assert.True(await open.AcceptsAsync(token));
        var user = await rpc.App.Users.SomebodyAsync();
        Assert.True(await open.AcceptsAsync(user.Tokens.Access));
        var parts = token.Split('.');
        foreach (var claims in new[] { "{}", "[]", "{\"iss\":1,\"client_id\":2}", "{\"iss\":{},\"client_id\":[]}", "{\"iss\":\"\"}" })
        {
            var payload = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(claims));
            Assert.False(await open.AcceptsAsync($"{parts[0]}.{payload}.{parts[2]}"), claims);
        }

        // Of its own sign-ins there is one authority.
        Assert.False(await foreign.AcceptsAsync(user.Tokens.Access));
    }

    [Fact]
    public async Task A_token_is_good_until_its_end_and_the_difference_of_clocks()
    {
        var clock = new ShiftableClock();
        await using var client = await LocalClient.StartAsync(rpc, clock: clock);
        var token = (await rpc.App.Users.SomebodyAsync()).Tokens.Access;
        using var held = clock.Hold();
        Assert.True(await client.AcceptsAsync(token));
        clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(10));
        Assert.True(await client.AcceptsAsync(token));
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.False(await client.AcceptsAsync(token));
    }

    [Fact]
    public async Task A_sign_out_is_heard_of()
    {
        await using var client = await LocalClient.StartAsync(rpc);
        await TestApp.EventuallyAsync(() => Task.FromResult(client.Revocations.AreKnown), "the stream is followed");
        var user = await rpc.App.Users.SomebodyAsync();
        var token = await client.Tokens.CheckAsync(user.Tokens.Access, CancellationToken.None);
        Assert.NotNull(token);
        await rpc.App.Users.SendAsync(HttpMethod.Delete, "/v1/sessions/current", user.Tokens);
        // Only the stream tells it: an answer of Gatehouse about the token is not kept there.
        await TestApp.EventuallyAsync(() => Task.FromResult(client.Revocations.Contains(token)), "the revocation is heard of");
        Assert.False(await client.AcceptsAsync(user.Tokens.Access));
    }

    [Fact]
    public async Task Revocations_of_service_accounts_are_heard_of_one_by_one_and_for_all_their_tokens()
    {
        await using var client = await LocalClient.StartAsync(rpc);
        await TestApp.EventuallyAsync(() => Task.FromResult(client.Revocations.AreKnown), "the stream is followed");
        var account = await rpc.App.ClientAsync(rpc.Admin, "users:read");
        var (first, second) = (await rpc.App.TokenAsync(account), await rpc.App.TokenAsync(account));
        Assert.True(await client.AcceptsAsync(first) && await client.AcceptsAsync(second));
        await rpc.App.PostAsync(ClientCalls.RevocationPath, account, ("token", first));
        await TestApp.EventuallyAsync(async () => !await client.AcceptsAsync(first), "the one token is rejected");
        Assert.True(await client.AcceptsAsync(second));

        await rpc.App.AssertDoneAsync(HttpMethod.Post, account.Path + "/disable", rpc.Admin, new { reason = "Leaked" });
        await TestApp.EventuallyAsync(async () => !await client.AcceptsAsync(second), "the other one is rejected");
        await rpc.App.AssertDoneAsync(HttpMethod.Post, account.Path + "/enable", rpc.Admin);
        Assert.True(await client.AcceptsAsync(await rpc.App.TokenAsync(account)));
        Assert.False(await client.AcceptsAsync(second));
    }

    [Fact]
    public async Task Tokens_of_users_and_service_accounts_end_with_their_tenant_that_were_issued_until_then()
    {
        await using var client = await LocalClient.StartAsync(rpc);
        var user = (await rpc.App.Users.SomebodyAsync()).Tokens.Access;
        var account = await rpc.App.TokenAsync(await LocalClient.AccountAsync(rpc), "users:read");
        foreach (var text in new[] { user, account })
        {
            var token = (await client.Tokens.CheckAsync(text, CancellationToken.None))!;
            var before = token.IssuedAt.AddMilliseconds(-1).ToTimestamp();
            client.Revocations.Add(new V1.Revocation { Tenant = Guid.Empty.ToString(), At = token.IssuedAt.ToTimestamp() });
            Assert.True(await client.AcceptsAsync(text));
            // The account's token is the younger one, so what ends the user's does not end it.
            client.Revocations.Add(new V1.Revocation { Tenant = token.Tenant, At = before });
            Assert.True(await client.AcceptsAsync(text));
            client.Revocations.Add(new V1.Revocation { Tenant = token.Tenant, At = token.IssuedAt.ToTimestamp() });
            Assert.False(await client.AcceptsAsync(text));
        }
    }

    [Fact]
    public async Task Without_the_stream_each_token_is_asked_about_and_without_an_answer_none_is_accepted()
    {
        await using var silent = await LocalClient.StartAsync(rpc, only: service => service is not RevocationFollower);
        var user = await rpc.App.Users.SomebodyAsync();
        Assert.False(silent.Revocations.AreKnown);
        Assert.True(await silent.AcceptsAsync(user.Tokens.Access));
        await rpc.App.Users.SendAsync(HttpMethod.Delete, "/v1/sessions/current", user.Tokens);
        await TestApp.EventuallyAsync(async () => !await silent.AcceptsAsync(user.Tokens.Access), "the token is rejected");

        await using var alone = await LocalClient.StartAsync(rpc, options => options.Rpc = "http://127.0.0.1:9");
        var other = await rpc.App.Users.SomebodyAsync();
        await Assert.ThrowsAsync<GatehouseUnavailableException>(() => alone.AcceptsAsync(other.Tokens.Access));
        await using var lenient = await LocalClient.StartAsync(
            rpc,
            options => (options.Rpc, options.AcceptUnchecked) = ("http://127.0.0.1:9", TimeSpan.FromMinutes(1))
        );
        // Never heard of any revocation: not accepted either.
        await Assert.ThrowsAsync<GatehouseUnavailableException>(() => lenient.AcceptsAsync(other.Tokens.Access));
        lenient.Revocations.Heard();
        Assert.True(await lenient.AcceptsAsync(other.Tokens.Access));
    }

    [Fact]
    public async Task A_wrong_secret_is_said_to_be_one()
    {
        await using var client = await LocalClient.StartAsync(rpc, options => options.ClientSecret = "wrong");
        var failed = await Assert.ThrowsAsync<GatehouseUnavailableException>(() => client.Users.GetAsync(rpc.Admin.UserId));
        Assert.Contains("ClientSecret", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_is_too_long_is_no_outage_for_the_others()
    {
        await using var client = await LocalClient.StartAsync(rpc);
        var tooLong = new string('a', 6_000_000);
        Assert.Null(await client.Users.LookupByEmailAsync(tooLong));
        Assert.Null(await client.Users.LookupByUsernameAsync(tooLong));

        var calls = client.Services.GetRequiredService<GatehouseRpc>();
        var request = new V1.LookupUsersRequest { Emails = { tooLong } };
        await Assert.ThrowsAsync<GatehouseUnavailableException>(() => calls.AskAsync(call => calls.Users.LookupAsync(request, call)));
        Assert.NotNull(await client.Users.GetAsync(rpc.Admin.UserId));
    }

    [Fact]
    public async Task Where_no_token_is_given_one_request_finds_out_and_the_others_do_not_wait()
    {
        await using var client = await LocalClient.StartAsync(
            rpc,
            add: builder => builder.Services.AddHttpClient("Gatehouse").ConfigurePrimaryHttpMessageHandler(() => new Silence()),
            only: _ => false
        );
        await Assert.ThrowsAsync<GatehouseUnavailableException>(AskAsync);
        await Assert.ThrowsAsync<GatehouseUnavailableException>(AskAsync);

        Task probe = Task.CompletedTask;
        await TestApp.EventuallyAsync(() => Task.FromResult(!(probe = AskAsync()).IsCompleted), "one tries again");
        for (var other = 0; other < 20; other++)
            Assert.True(AskAsync().IsFaulted);
        await Assert.ThrowsAsync<GatehouseUnavailableException>(() => probe);

        Task AskAsync() => client.Users.LookupByUsernameAsync("ada");
    }

    [Fact]
    public async Task Requests_of_one_token_share_nothing_that_can_change()
    {
        await using var client = await LocalClient.StartAsync(rpc);
        var user = await rpc.App.Users.SomebodyAsync();
        var bearer = "Bearer " + user.Tokens.Access;

        // The first is checked in full, the others are known.
        for (var request = 0; request < 3; request++)
        {
            var principal = (await AuthenticateAsync(bearer)).Principal!;
            Assert.Equal(user.UserId.ToString(), principal.Identity!.Name);
            Assert.False(principal.HasClaim("shop", "1") || principal.FindFirst("sub")!.Subject!.HasClaim("shop", "1"));
            var identity = (ClaimsIdentity)principal.Identity;
            identity.AddClaim(new Claim("shop", "1"));
            principal.FindFirst("sub")!.Properties["shop"] = "1";
            Assert.True(principal.HasClaim("shop", "1"));
        }

        Assert.Empty((await AuthenticateAsync(bearer)).Principal!.FindFirst("sub")!.Properties);
        Assert.True((await AuthenticateAsync()).None);
        Assert.True((await AuthenticateAsync("Basic eA==")).None);
        Assert.NotNull((await AuthenticateAsync(bearer, bearer)).Failure);
        Assert.NotNull((await AuthenticateAsync(bearer[..^1])).Failure);
        Assert.NotNull((await AuthenticateAsync("Bearer " + bearer[8..])).Failure);

        async Task<AuthenticateResult> AuthenticateAsync(params string[] header)
        {
            await using var scope = client.Services.CreateAsyncScope();
            var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
            http.Request.Headers.Authorization = header;
            return await http.AuthenticateAsync();
        }
    }

    [Fact]
    public async Task Users_are_looked_up_together_and_one_by_one()
    {
        await using var client = await LocalClient.StartAsync(rpc);
        var ada = await rpc.App.Users.SomebodyAsync(username: "ada.client");
        var unknown = Guid.CreateVersion7(rpc.App.Clock.GetUtcNow());
        var many = Enumerable.Range(0, 230).Select(_ => Guid.CreateVersion7(rpc.App.Clock.GetUtcNow()));
        var calls = 0;
        // Other applications of the run count theirs.
        var own = rpc.App.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "http.server.request.duration" && instrument.Meter.Scope == own)
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>(
            (_, _, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    if (tag is { Key: "http.route", Value: string route } && route.EndsWith("Users/BatchGet", StringComparison.Ordinal))
                        Interlocked.Increment(ref calls);
                }
            }
        );
        listener.Start();
        var found = await client.Users.BatchGetAsync([.. many, ada.UserId, unknown, ada.UserId]);
        // A hundred at a time, whatever else the library asked for meanwhile.
        await TestApp.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref calls) >= 3), "three calls");
        Assert.InRange(calls, 3, 4);
        Assert.Equal(("Ada", ada.Email), (Assert.Single(found).Value.Name, found[ada.UserId].Email));
        Assert.Null(await client.Users.GetAsync(unknown));
        Assert.Equal(ada.UserId, (await client.Users.LookupByEmailAsync(ada.Email))?.Id);
        Assert.Equal(ada.UserId, (await client.Users.LookupByUsernameAsync("ADA.client"))?.Id);
        Assert.Null(await client.Users.LookupByUsernameAsync("nobody.at.all"));
        var number = TestUsers.NewPhone();
        await rpc.App.PostAsync("/v1/users", new { phoneNumber = number, name = "Cy" }, rpc.Admin);
        var cy = await client.Users.LookupByPhoneNumberAsync(number);
        Assert.Equal(("Cy", number, true), (cy?.Name, cy?.PhoneNumber, cy?.PhoneNumberVerified));
        Assert.Null(await client.Users.LookupByPhoneNumberAsync("07400 123456"));
    }

    private sealed class Silence : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("It never ends.");
        }
    }
}

/// <summary>Moves time and replaces keys, so it has an application of its own.</summary>
public sealed class ClientKeyRotationTests
{
    [Fact]
    public async Task No_token_is_rejected_while_keys_are_rotated()
    {
        await using var rpc = new RpcApp();
        await rpc.InitializeAsync();
        await using var client = await LocalClient.StartAsync(rpc);
        var rotation = rpc.App.Services.GetRequiredService<RotateKeys>();
        var user = await rpc.App.Users.SomebodyAsync();
        Assert.True(await client.AcceptsAsync(user.Tokens.Access));
        var first = KeyOf(user.Tokens.Access);

        // In time: the next key signs when everybody knows it.
        var signsFrom = await rotation.BringForwardAsync(CancellationToken.None);
        rpc.App.Clock.Advance(signsFrom - rpc.App.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        TokenPair renewed = user.Tokens;
        await TestApp.EventuallyAsync(
            async () =>
            {
                renewed = (await rpc.App.Users.RefreshAsync(renewed.Refresh)).Tokens();
                Assert.True(await client.AcceptsAsync(renewed.Access));
                return KeyOf(renewed.Access) != first;
            },
            "the next key signs"
        );

        // At once, twice in a row: tokens of a key that nobody has heard of.
        for (var time = 0; time < 2; time++)
        {
            var before = KeyOf(renewed.Access);
            await rotation.ReplaceAsync(CancellationToken.None);
            await TestApp.EventuallyAsync(
                async () =>
                {
                    renewed = (await rpc.App.Users.RefreshAsync(renewed.Refresh)).Tokens();
                    return KeyOf(renewed.Access) != before;
                },
                "the new key signs"
            );
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.AcceptsAsync(renewed.Access)));
            Assert.DoesNotContain(false, answers);
        }

        // Calls of the service itself go on, with a new token.
        await TestApp.EventuallyAsync(async () => await client.Users.GetAsync(user.UserId) is not null, "the user is found");
    }

    private static string KeyOf(string token) =>
        System
            .Text.Json.JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0]))
            .RootElement.GetProperty("kid")
            .GetString()!;
}
