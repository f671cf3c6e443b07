using System.Net;
using System.Text.Json;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Tokens;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Web;

namespace Gatehouse.SystemTests.Audit;

[Collection<OneAudit>]
public sealed class ActivityTests(AuditedApp audited) : IAsyncLifetime
{
    private static readonly SignedInUser Ada = new(
        new Guid("00000000-0000-7000-8000-0000000000a1"),
        new Guid("00000000-0000-7000-8000-0000000000a2"),
        DateTimeOffset.UnixEpoch
    );
    private static readonly SignedInUser Bob = new(
        new Guid("00000000-0000-7000-8000-0000000000b1"),
        new Guid("00000000-0000-7000-8000-0000000000b2"),
        DateTimeOffset.UnixEpoch
    );

    private readonly TestApp app = audited.App;

    public async ValueTask InitializeAsync() => await app.EmptyAuditAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task One_sees_what_happened_to_ones_own_account_newest_first()
    {
        await app.RecordAsync(1, "user.registered", Ada.Id);
        await app.RecordAsync(1, "session.started", Ada.Id, Ada.SessionId);
        await app.RecordAsync(1, "session.started", Bob.Id, Bob.SessionId);
        await app.RecordAsync(1, "sign-in.failed", Ada.Id, Bob.SessionId);
        await app.RecordAsync(1, "registration.started");

        var answer = await GetAsync("ada", "");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("sign-in.failed session.started user.registered", Actions(answer));
        Assert.Equal([false, true, false], Items(answer).Select(i => i.GetProperty("current").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, answer.Body.GetProperty("next").ValueKind);
        var item = Items(answer)[1];
        Assert.Equal("Signed in", item.GetProperty("text").GetString());
        Assert.Equal("203.0.113.0/24", item.GetProperty("network").GetString());
        Assert.Equal(Ada.SessionId, item.GetProperty("sessionId").GetGuid());
        Assert.Equal("done", item.GetProperty("result").GetString());
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task Who_signs_in_sees_their_sign_up_the_attempts_of_others_and_this_session()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email);
        await app.Users.PostAsync("/v1/sessions", new { identifier = email, password = "not the right one at all" });
        var signedIn = await app.Users.PostAsync(
            "/v1/sessions",
            new { identifier = email, password = TestUsers.Password },
            ("User-Agent", "Mozilla/5.0 (Windows) Chrome/140.0")
        );
        Assert.Equal(HttpStatusCode.Created, signedIn.Status);
        var token = signedIn.Body.GetProperty("tokens").GetProperty("accessToken").GetString();

        var answer = await app.Users.SendAsync(HttpMethod.Get, "/v1/me/activity", ("Authorization", "Bearer " + token));

        Assert.Equal("session.started sign-in.failed session.started user.verified user.registered", Actions(answer));
        Assert.Equal([true, false, false, false, false], Items(answer).Select(i => i.GetProperty("current").GetBoolean()));
        Assert.Equal("Chrome on Windows", Items(answer)[0].GetProperty("device").GetString());
        Assert.Equal("identity.invalid-credentials", Items(answer)[1].GetProperty("reason").GetString());
        await app.SealAsync();
        Assert.Equal([], (await app.VerifyAsync()).Errors);
    }

    [Fact]
    public async Task The_routine_exchange_of_tokens_is_left_out_and_its_rejection_shown()
    {
        await app.RecordAsync(1, "session.started", Ada.Id);
        await app.RecordAsync(3, "session.refreshed", Ada.Id);
        await app.RecordAsync(1, "session.refresh-refused", Ada.Id);

        Assert.Equal("session.refresh-refused session.started", Actions(await GetAsync("ada", "")));
    }

    [Fact]
    public async Task The_words_are_in_the_callers_language_and_an_unknown_action_is_its_own_name()
    {
        await app.RecordAsync(1, "session.started", Ada.Id);
        await app.RecordAsync(1, "moon.visited", Ada.Id);

        var answer = await app.Users.SendAsync(
            HttpMethod.Get,
            "/v1/me/activity",
            ("Authorization", "Bearer ada"),
            ("Accept-Language", "es")
        );

        Assert.Equal(["moon.visited", "Sesión iniciada"], Items(answer).Select(i => i.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repeat_while_more_happens()
    {
        for (var i = 0; i < 7; i++)
            await app.RecordAsync(1, "test." + i, Ada.Id);

        var first = await GetAsync("ada", "?limit=3");
        await app.RecordAsync(2, "test.later", Ada.Id);
        var second = await GetAsync("ada", "?limit=3&after=" + first.Body.GetProperty("next").GetString());
        var third = await GetAsync("ada", "?limit=3&after=" + second.Body.GetProperty("next").GetString());

        Assert.Equal("test.6 test.5 test.4 test.3 test.2 test.1 test.0", string.Join(' ', Actions(first), Actions(second), Actions(third)));
        Assert.Equal(JsonValueKind.Null, third.Body.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task The_cursor_of_another_shows_nothing_of_theirs()
    {
        await app.RecordAsync(1, "test.ada", Ada.Id);
        await app.RecordAsync(2, "test.bob", Bob.Id);
        var theirs = await GetAsync("bob", "?limit=1");

        Assert.Equal("test.ada", Actions(await GetAsync("ada", "?after=" + theirs.Body.GetProperty("next").GetString())));
    }

    [Theory]
    [InlineData("?limit=0", "limit: request.out-of-range")]
    [InlineData("?limit=101", "limit: request.out-of-range")]
    [InlineData("?limit=ten", "limit: request.out-of-range")]
    [InlineData("?limit=1&limit=2", "limit: request.out-of-range")]
    [InlineData("?after=nonsense", "after: request.cursor-malformed")]
    [InlineData("?limit=-1&after=00000000-0000-7000-8000-0000000000a1", "limit: request.out-of-range, after: request.cursor-malformed")]
    public async Task A_page_that_cannot_be_is_rejected(string query, string faults)
    {
        var answer = await GetAsync("ada", query);

        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (answer.Status, answer.Code));
        Assert.Equal(faults, string.Join(", ", answer.Errors));
    }

    [Fact]
    public async Task Nobody_who_is_not_signed_in_sees_anything()
    {
        Assert.Equal("request.unauthenticated", (await app.Users.GetAsync("/v1/me/activity")).Code);
        Assert.Equal("request.unauthenticated", (await GetAsync("mallory", "")).Code);
        Assert.Equal("request.unauthenticated", (await GetAsync("mallory", "?limit=x")).Code);
    }

    private Task<Answer> GetAsync(string token, string query) =>
        app.Users.SendAsync(HttpMethod.Get, "/v1/me/activity" + query, ("Authorization", "Bearer " + token));

    private static JsonElement[] Items(Answer answer) => [.. answer.Body.GetProperty("items").EnumerateArray()];

    private static string Actions(Answer answer) => string.Join(' ', Items(answer).Select(i => i.GetProperty("action").GetString()));

    /// <summary>Believes whoever says who they are, and tokens.</summary>
    internal sealed class NamesAsTokens(AccessTokens tokens) : IAccessTokenCheck
    {
        public ValueTask<Outcome<AccessClaims>> CheckAsync(string token, CancellationToken cancellationToken) =>
            token switch
            {
                "ada" => ValueTask.FromResult<Outcome<AccessClaims>>(new AccessClaims(AuditTrail.Tenant, Ada)),
                "bob" => ValueTask.FromResult<Outcome<AccessClaims>>(new AccessClaims(AuditTrail.Tenant, Bob)),
                _ => tokens.CheckAsync(token, cancellationToken),
            };
    }
}
