using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Identity.Tokens;
using Gatehouse.SystemTests.Harness;
using SignedIn = Gatehouse.SystemTests.Harness.SignedIn;

namespace Gatehouse.SystemTests.Identity.Tokens;

/// <summary>An access token is exactly what this installation issues for here and now. Whatever else comes is nobody, and nobody is told
/// why.</summary>
public sealed class AccessTokenTests(SignedInApp running) : IClassFixture<SignedInApp>
{
    private readonly TestApp app = running.App;
    private readonly SignedIn person = running.Ada;

    public static TheoryData<string> Bad => [.. BadTokens.All.Keys];

    [Fact]
    public async Task A_token_says_whose_it_is_for_whom_and_for_how_long_and_nothing_of_contact()
    {
        var claims = person.Tokens.Claims;

        Assert.Equal(
            ["acr", "amr", "aud", "auth_time", "client_id", "exp", "iat", "iss", "jti", "sid", "sub", "tid"],
            claims.EnumerateObject().Select(c => c.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal("http://localhost:8080", claims.GetProperty("iss").GetString());
        Assert.Equal("http://localhost:8080", claims.GetProperty("aud").GetString());
        Assert.Equal(person.UserId, claims.GetProperty("sub").GetGuid());
        Assert.Equal(person.Tokens.SessionId, claims.GetProperty("sid").GetGuid());
        Assert.Equal(600, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        using var forger = await Forger.StealAsync(app, person.Tokens);
        Assert.Matches("^{\"alg\":\"ES256\",\"typ\":\"at\\+jwt\",\"kid\":\"[A-Za-z0-9_-]{22}\"}$", forger.Header);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(person.Tokens)).Status);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Nobody_is_signed_in_by_a_token_with(string fault)
    {
        using var forger = await Forger.StealAsync(app, person.Tokens);
        // What the forger makes without a fault is good: so it is the fault that is refused.
        Assert.Equal(HttpStatusCode.OK, (await BearerAsync(forger.With())).Status);

        var token = BadTokens.All[fault](forger, running.Ben);

        await AssertNobodyAsync(await BearerAsync(token));
        var open = await app.Users.SendAsync(HttpMethod.Get, "/v1/usernames/ada-lovelace", ("Authorization", "Bearer " + token));
        Assert.Equal(HttpStatusCode.OK, open.Status);
    }

    [Fact]
    public async Task A_token_of_100_KB_is_refused_before_it_is_read()
    {
        using var forger = await Forger.StealAsync(app, person.Tokens);

        var answer = await BearerAsync(forger.With(claims: c => c["more"] = new string('x', 100_000)));

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(person.Tokens)).Status);
    }

    [Theory]
    [InlineData("exp", -10, true)]
    [InlineData("exp", -40, false)]
    [InlineData("iat", 20, true)]
    [InlineData("iat", 50, false)]
    public async Task Clocks_of_nodes_may_differ_by_half_a_minute(string claim, int seconds, bool good)
    {
        using var forger = await Forger.StealAsync(app, person.Tokens);
        var token = forger.With(claims: c => c[claim] = app.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds());

        var answer = await BearerAsync(token);

        if (good)
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        else
            await AssertNobodyAsync(answer);
    }

    [Theory]
    [InlineData("bearer {0}", true)]
    [InlineData("BEARER {0}", true)]
    [InlineData("Bearer  {0}", true)]
    [InlineData("Bearer{0}", false)]
    [InlineData("Bearer", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Basic {0}", false)]
    [InlineData("DPoP {0}", false)]
    [InlineData("{0}", false)]
    [InlineData("Bearer {0},Bearer {0}", false)]
    [InlineData("Bearer {0} x", false)]
    [InlineData("Bearer \"{0}\"", false)]
    [InlineData("", false)]
    public async Task The_scheme_is_bearer_in_any_case_and_followed_by_one_token(string header, bool good)
    {
        var answer = await app.Users.SendAsync(
            HttpMethod.Get,
            "/v1/me",
            ("Authorization", string.Format(CultureInfo.InvariantCulture, header, person.Tokens.Access))
        );

        if (good)
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        else
            await AssertNobodyAsync(answer);
    }

    [Fact]
    public async Task Two_credentials_are_none_and_only_the_header_carries_one()
    {
        var access = person.Tokens.Access;

        await AssertNobodyAsync(
            await app.Users.SendAsync(
                HttpMethod.Get,
                "/v1/me",
                ("Authorization", "Bearer " + access),
                ("Authorization", "Bearer " + access)
            )
        );
        await AssertNobodyAsync(
            await app.Users.SendAsync(HttpMethod.Get, "/v1/me", ("Authorization", "Basic YTpi"), ("Authorization", "Bearer " + access))
        );
        await AssertNobodyAsync(await app.Users.SendAsync(HttpMethod.Get, "/v1/me?access_token=" + access));
        await AssertNobodyAsync(await app.Users.SendAsync(HttpMethod.Get, "/v1/me", ("Cookie", "access_token=" + access)));
    }

    [Fact]
    public async Task A_token_is_good_for_ten_minutes_and_the_half_minute_of_clocks()
    {
        await using var own = await TestApp.StartAsync();
        using var held = own.Clock.Hold();
        var somebody = await own.Users.SomebodyAsync();

        own.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(20));
        Assert.Equal(HttpStatusCode.OK, (await own.Users.MeAsync(somebody.Tokens)).Status);
        own.Clock.Advance(TimeSpan.FromSeconds(20));
        await AssertNobodyAsync(await own.Users.MeAsync(somebody.Tokens));
    }

    [Fact]
    public async Task A_token_of_another_installation_or_of_a_replaced_key_is_none()
    {
        await using var own = await TestApp.StartAsync();
        var somebody = await own.Users.SomebodyAsync();
        await AssertNobodyAsync(await own.Users.MeAsync(person.Tokens));

        await own.Services.GetRequiredService<SigningKeys>().ReplaceAsync(CancellationToken.None);

        await TestApp.EventuallyAsync(
            async () => (await own.Users.MeAsync(somebody.Tokens)).Status == HttpStatusCode.Unauthorized,
            "the replaced key is refused"
        );
        await AssertNobodyAsync(await own.Users.MeAsync(somebody.Tokens));
        var renewed = (await own.Users.RefreshAsync(somebody.Tokens.Refresh)).Tokens();
        Assert.Equal(HttpStatusCode.OK, (await own.Users.MeAsync(renewed)).Status);
    }

    [Fact]
    public async Task A_retired_key_signs_for_nobody_however_fresh_its_token_looks()
    {
        await using var own = await TestApp.StartAsync();
        var somebody = await own.Users.SomebodyAsync();
        using var forger = await Forger.StealAsync(own, somebody.Tokens);

        own.Clock.Advance(TimeSpan.FromDays(90) + TimeSpan.FromHours(1));
        await own.RunRecurringAsync<MaintainSigningKeys>();
        // Replaced, but published for its overlap: a thief is still believed.
        await TestApp.EventuallyAsync(async () => (await KeyIdsAsync(own)).Count == 3, "next, current and previous are published");
        Assert.Equal(HttpStatusCode.OK, (await BearerAsync(Fresh(), own)).Status);

        own.Clock.Advance(TimeSpan.FromHours(24));
        await own.RunRecurringAsync<MaintainSigningKeys>();
        await TestApp.EventuallyAsync(async () => (await KeyIdsAsync(own)).Count == 2, "the previous is gone");
        await AssertNobodyAsync(await BearerAsync(Fresh(), own));

        string Fresh() =>
            forger.With(claims: c =>
            {
                c["iat"] = own.Clock.GetUtcNow().ToUnixTimeSeconds();
                c["exp"] = own.Clock.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds();
            });
    }

    [Fact]
    public async Task A_tenant_that_contradicts_the_token_is_refused()
    {
        await using var two = await TestApp.StartAsync(replace: services => services.AddSingleton<ITenantDirectory, TwoTenants>());
        var people = two.Users;
        var email = TestUsers.NewEmail();
        var started = await people.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            },
            TwoTenants.Red
        );
        var code = (await people.LetterAsync(email)).Code;
        var tokens = (await people.PostAsync($"/v1/registrations/{started.RegistrationId}/verify", new { code }, TwoTenants.Red)).Tokens();

        Assert.Equal(HttpStatusCode.OK, (await people.MeAsync(tokens)).Status);
        Assert.Equal(HttpStatusCode.OK, (await people.SendAsync(HttpMethod.Get, "/v1/me", tokens.Header, TwoTenants.Red)).Status);
        foreach (var path in new[] { "/v1/me", "/v1/usernames/ada-lovelace" })
        {
            var contradicting = await people.SendAsync(HttpMethod.Get, path, tokens.Header, TwoTenants.Blue);
            Assert.Equal((HttpStatusCode.BadRequest, "request.tenant-ambiguous"), (contradicting.Status, contradicting.Code));
        }

        // The password is one of the other population, and a refresh token belongs to its own.
        Assert.Equal(HttpStatusCode.Unauthorized, (await people.SignInAsync(email, headers: TwoTenants.Blue)).Status);
        var crossed = await people.RefreshAsync(tokens.Refresh, TwoTenants.Blue);
        Assert.Equal((HttpStatusCode.Unauthorized, "identity.invalid-refresh-token"), (crossed.Status, crossed.Code));
        Assert.Equal(HttpStatusCode.OK, (await people.RefreshAsync(tokens.Refresh, TwoTenants.Red)).Status);
    }

    private Task<Answer> BearerAsync(string token, TestApp? at = null) =>
        (at ?? app).Users.SendAsync(HttpMethod.Get, "/v1/me", ("Authorization", "Bearer " + token));

    private async Task AssertNobodyAsync(Answer answer)
    {
        Assert.Equal((HttpStatusCode.Unauthorized, "request.unauthenticated"), (answer.Status, answer.Code));
        Assert.Equal(Transcript(await app.Users.GetAsync("/v1/me")), Transcript(answer));
        Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
    }

    private static string Transcript(Answer answer) =>
        $"{Regex.Replace(answer.Text, "\"traceId\":\"[^\"]+\"", "")} {string.Join('\n', Headers(answer))}";

    private static IEnumerable<string> Headers(Answer answer) =>
        answer.Response.Headers.Where(h => h.Key != "Date").Select(h => $"{h.Key}: {string.Join(',', h.Value)}");

    private static async Task<IReadOnlyList<string?>> KeyIdsAsync(TestApp at) =>
        [
            .. (await at.Users.GetAsync("/.well-known/jwks.json"))
                .Body.GetProperty("keys")
                .EnumerateArray()
                .Where(k => k.GetProperty("alg").GetString() == "ES256")
                .Select(k => k.GetProperty("kid").GetString()),
        ];
}
