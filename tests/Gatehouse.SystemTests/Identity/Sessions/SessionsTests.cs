using System.Net;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Sessions;

/// <summary>A person sees where they are signed in and ends it there, on every node; nobody else's.</summary>
[Collection<SessionsOnTwoNodes>]
public sealed class SessionsTests(TwoNodes running)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private readonly TestApp app = running.App;
    private readonly TestApp other = running.Other;

    [Fact]
    public async Task The_list_shows_device_network_and_which_is_the_own()
    {
        var person = await app.Users.SomebodyAsync();
        var own = (
            await app.Users.SignInAsync(person.Email, headers: [("User-Agent", Firefox), ("X-Forwarded-For", "203.0.113.9")])
        ).Tokens();

        var items = await ListAsync(own);

        Assert.Equal([own.SessionId, person.Tokens.SessionId], items.Select(i => i.GetProperty("id").GetGuid()));
        Assert.Equal([true, false], items.Select(i => i.GetProperty("current").GetBoolean()));
        Assert.Equal(["Firefox on Linux", ""], items.Select(i => i.GetProperty("device").GetString()));
        Assert.Equal(["password", "registration"], items.Select(i => i.GetProperty("method").GetString()));
        // The address that the client claims is not believed, and of its own only the network is kept.
        Assert.All(items, i => Assert.Equal("127.0.0.0/24", i.GetProperty("network").GetString()));
        Assert.All(
            items,
            i =>
                Assert.Equal(
                    TimeSpan.FromDays(14),
                    i.GetProperty("endsAt").GetDateTimeOffset() - i.GetProperty("usedAt").GetDateTimeOffset()
                )
        );
        Assert.Empty(await app.PlacesOfAsync("Gecko"));
        Assert.Empty(await app.PlacesOfAsync("203.0.113"));
    }

    [Fact]
    public async Task The_list_comes_in_pages_the_newest_first()
    {
        var person = await app.Users.SomebodyAsync();
        var second = (await app.Users.SignInAsync(person.Email)).Tokens();
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var third = (await app.Users.SignInAsync(person.Email)).Tokens();

        var first = await app.Users.SendAsync(HttpMethod.Get, "/v1/sessions?limit=2", third);
        var rest = await app.Users.SendAsync(HttpMethod.Get, "/v1/sessions?after=" + first.Body.GetProperty("next").GetString(), third);

        Assert.Equal(
            [third.SessionId, second.SessionId],
            first.Body.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid())
        );
        Assert.Equal([person.Tokens.SessionId], rest.Body.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid()));
        Assert.Equal(JsonValueKind.Null, rest.Body.GetProperty("next").ValueKind);
        var refused = await app.Users.SendAsync(HttpMethod.Get, "/v1/sessions?limit=0&after=x", third);
        Assert.Equal(["limit: request.out-of-range", "after: request.cursor-malformed"], refused.Errors);
    }

    [Fact]
    public async Task A_revocation_is_seen_although_the_databases_clock_was_set_back()
    {
        var (first, second) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        await app.ExecuteAsync(
            "update identity.sessions set ended_at = clock_timestamp() + interval '5 minutes', end_reason = 'signed-out' where id = $1",
            first.Tokens.SessionId
        );
        await TestApp.EventuallyAsync(
            async () => (await app.Users.MeAsync(first.Tokens)).Status == HttpStatusCode.Unauthorized,
            "the end before the clock was set back"
        );

        await app.ExecuteAsync(
            "update identity.sessions set ended_at = clock_timestamp(), end_reason = 'signed-out' where id = $1",
            second.Tokens.SessionId
        );

        await TestApp.EventuallyAsync(
            async () => (await app.Users.MeAsync(second.Tokens)).Status == HttpStatusCode.Unauthorized,
            "the end after it"
        );
    }

    [Fact]
    public async Task A_refresh_shows_where_the_session_is_now()
    {
        var person = await app.Users.SomebodyAsync();

        var tokens = (await app.Users.RefreshAsync(person.Tokens.Refresh, ("User-Agent", Firefox))).Tokens();
        Assert.Equal("Firefox on Linux", Assert.Single(await ListAsync(tokens)).GetProperty("device").GetString());

        // A client that says nothing leaves what was known.
        tokens = (await app.Users.RefreshAsync(tokens.Refresh, ("User-Agent", "x"))).Tokens();
        Assert.Equal("Firefox on Linux", Assert.Single(await ListAsync(tokens)).GetProperty("device").GetString());
    }

    [Theory]
    [InlineData("current")]
    [InlineData("id")]
    public async Task Signing_out_ends_both_tokens_here_at_once_and_on_the_other_node_within_a_second(string by)
    {
        var person = await app.Users.SomebodyAsync();
        var tokens = person.Tokens;
        Assert.Equal(HttpStatusCode.OK, (await other.Users.MeAsync(tokens)).Status);

        var answer = await DeleteAsync("/v1/sessions/" + (by == "id" ? tokens.SessionId.ToString() : by), tokens);

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal((HttpStatusCode.Unauthorized, "request.unauthenticated"), await MeAsync(app, tokens));
        await TestApp.EventuallyAsync(async () => (await MeAsync(other, tokens)).Code == "request.unauthenticated", "the other node knows");
        Assert.Equal("identity.invalid-refresh-token", (await app.Users.RefreshAsync(tokens.Refresh)).Code);
        Assert.Equal("identity.invalid-refresh-token", (await other.Users.RefreshAsync(tokens.Refresh)).Code);
        Assert.Equal(["signed-out"], await ReasonsAsync(person));
        // A node that starts later knows it too.
        await using var late = await app.StartNodeAsync();
        Assert.Equal("request.unauthenticated", (await MeAsync(late, tokens)).Code);
    }

    [Fact]
    public async Task Another_session_of_mine_can_be_ended_and_stays_ended()
    {
        var person = await app.Users.SomebodyAsync();
        var lost = (await app.Users.SignInAsync(person.Email)).Tokens();

        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync($"/v1/sessions/{lost.SessionId}", person.Tokens)).Status);

        Assert.Equal("request.unauthenticated", (await MeAsync(app, lost)).Code);
        Assert.Equal(HttpStatusCode.OK, (await MeAsync(app, person.Tokens)).Status);
        Assert.Equal(person.Tokens.SessionId, Assert.Single(await ListAsync(person.Tokens)).GetProperty("id").GetGuid());
        var again = await DeleteAsync($"/v1/sessions/{lost.SessionId}", person.Tokens);
        Assert.Equal((HttpStatusCode.NotFound, "identity.session-not-found"), (again.Status, again.Code));
        Assert.Equal(["ended-by-owner"], await ReasonsAsync(person));
    }

    [Fact]
    public async Task Nobody_sees_or_ends_a_session_of_somebody_else()
    {
        var (ada, ben) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());

        Assert.Equal(ada.Tokens.SessionId, Assert.Single(await ListAsync(ada.Tokens)).GetProperty("id").GetGuid());
        var foreign = await DeleteAsync($"/v1/sessions/{ben.Tokens.SessionId}", ada.Tokens);
        var unknown = await DeleteAsync($"/v1/sessions/{Guid.CreateVersion7(app.Clock.GetUtcNow())}", ada.Tokens);
        var noId = await DeleteAsync("/v1/sessions/x", ada.Tokens);
        Assert.All(
            [foreign, unknown, noId],
            a => Assert.Equal((HttpStatusCode.NotFound, "identity.session-not-found"), (a.Status, a.Code))
        );
        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync("/v1/sessions", ada.Tokens)).Status);

        // Ada is signed out everywhere; Ben is as he was.
        Assert.Equal("request.unauthenticated", (await MeAsync(app, ada.Tokens)).Code);
        Assert.Equal(HttpStatusCode.OK, (await MeAsync(app, ben.Tokens)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.RefreshAsync(ben.Tokens.Refresh)).Status);
        Assert.Empty(await ReasonsAsync(ben));
        // A refresh with Ben's token while Ada's is in the header is Ben's.
        Assert.Equal(ben.Tokens.SessionId, Assert.Single(await ListAsync(ben.Tokens)).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task What_a_token_reads_and_changes_is_its_own_persons()
    {
        var (ada, ben) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());

        Assert.Equal(ada.UserId, (await app.Users.MeAsync(ada.Tokens)).Body.GetProperty("id").GetGuid());
        Assert.Equal(ben.UserId, (await app.Users.MeAsync(ben.Tokens)).Body.GetProperty("id").GetGuid());
        // Who signs in, refreshes or registers while somebody else's token is sent along is who the body says.
        var signedIn = await app.Users.SignInAsync(ben.Email, headers: ada.Tokens.Header);
        Assert.Equal(ben.UserId, signedIn.Tokens().Claims.GetProperty("sub").GetGuid());
        var refreshed = await app.Users.RefreshAsync(ben.Tokens.Refresh, ada.Tokens.Header);
        Assert.Equal(ben.UserId, refreshed.Tokens().Claims.GetProperty("sub").GetGuid());
        Assert.Equal(ada.Tokens.SessionId, Assert.Single(await ListAsync(ada.Tokens)).GetProperty("id").GetGuid());
        Assert.Equal(2, (await ListAsync(ben.Tokens)).Count);
    }

    [Fact]
    public async Task All_sessions_end_at_once_or_all_but_this_one()
    {
        var person = await app.Users.SomebodyAsync();
        var (phone, laptop) = (
            (await app.Users.SignInAsync(person.Email)).Tokens(),
            (await other.Users.SignInAsync(person.Email)).Tokens()
        );

        var unknown = await DeleteAsync("/v1/sessions?keep=all", laptop);
        Assert.Equal(["keep: request.unknown-value"], unknown.Errors);
        Assert.Equal(3, (await ListAsync(laptop)).Count);
        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync("/v1/sessions?keep=current", laptop)).Status);
        Assert.Equal(laptop.SessionId, Assert.Single(await ListAsync(laptop)).GetProperty("id").GetGuid());
        Assert.Equal("request.unauthenticated", (await MeAsync(app, phone)).Code);
        Assert.Equal("identity.invalid-refresh-token", (await app.Users.RefreshAsync(person.Tokens.Refresh)).Code);

        laptop = (await app.Users.RefreshAsync(laptop.Refresh)).Tokens();
        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync("/v1/sessions", laptop)).Status);
        Assert.Equal("request.unauthenticated", (await MeAsync(app, laptop)).Code);
        Assert.Equal("identity.invalid-refresh-token", (await app.Users.RefreshAsync(laptop.Refresh)).Code);
        Assert.Equal(["ended-by-owner", "ended-by-owner", "ended-by-owner"], await ReasonsAsync(person));
        await AssertVersionsAsync(person);
    }

    [Fact]
    public async Task The_twenty_first_session_ends_the_one_used_longest_ago()
    {
        var person = await app.Users.SomebodyAsync();
        var sessions = new List<TokenPair> { person.Tokens };
        while (sessions.Count < 20)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            sessions.Add((await app.Users.SignInAsync(person.Email)).Tokens());
        }

        app.Clock.Advance(TimeSpan.FromSeconds(1));
        sessions[0] = (await app.Users.RefreshAsync(sessions[0].Refresh)).Tokens();
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var last = (await app.Users.SignInAsync(person.Email)).Tokens();

        Assert.Equal(20, (await app.Users.SendAsync(HttpMethod.Get, "/v1/sessions", last)).Body.GetProperty("items").GetArrayLength());
        Assert.Equal("request.unauthenticated", (await MeAsync(app, sessions[1])).Code);
        Assert.Equal("identity.invalid-refresh-token", (await app.Users.RefreshAsync(sessions[1].Refresh)).Code);
        Assert.Equal(HttpStatusCode.OK, (await MeAsync(app, sessions[0])).Status);
        Assert.Equal(HttpStatusCode.OK, (await MeAsync(app, sessions[2])).Status);
        Assert.Equal(
            "too-many",
            await app.ScalarAsync<string>(
                "select string_agg(end_reason, ',') from identity.sessions where user_id = $1 and ended_at is not null",
                person.UserId
            )
        );
    }

    [Fact]
    public async Task However_many_sign_in_at_once_twenty_sessions_live()
    {
        var person = await app.Users.SomebodyAsync();
        // In rounds of four: more tries at once than are free would have to wait, right or not.
        for (var round = 0; round < 7; round++)
        {
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 4).Select(i => (i % 2 == 0 ? app : other).Users.SignInAsync(person.Email))
            );
            Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.Status));
        }

        Assert.Equal(
            20L,
            await app.ScalarAsync<long>("select count(*) from identity.sessions where user_id = $1 and ended_at is null", person.UserId)
        );
        Assert.Equal(9, (await ReasonsAsync(person)).Count(r => r == "too-many"));
        await AssertVersionsAsync(person);
    }

    /// <summary>Versions of a person's events follow one another without gap or double, whatever happened at once.</summary>
    private async Task AssertVersionsAsync(SignedIn person) =>
        Assert.True(
            await app.ScalarAsync<bool>(
                """
                select array_agg(subject_version order by subject_version)
                       = array(select generate_series(1, max(version)) from identity.users where id = $1)
                  from runtime.events where key = $1 and subject_version is not null
                """,
                person.UserId
            )
        );

    private async Task<IReadOnlyList<string>> ReasonsAsync(SignedIn person) =>
        (
            await app.ScalarAsync<string>(
                """
                select coalesce(string_agg(data::json ->> 'reason', ',' order by subject_version), '') from runtime.events
                 where type = 'session.revoked.v1' and key = $1
                """,
                person.UserId
            )
        ).Split(',', StringSplitOptions.RemoveEmptyEntries);

    private async Task<IReadOnlyList<JsonElement>> ListAsync(TokenPair tokens)
    {
        var answer = await app.Users.SendAsync(HttpMethod.Get, "/v1/sessions", tokens);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Body.GetProperty("items").EnumerateArray()];
    }

    private Task<Answer> DeleteAsync(string path, TokenPair tokens) => app.Users.SendAsync(HttpMethod.Delete, path, tokens);

    private static async Task<(HttpStatusCode Status, string? Code)> MeAsync(TestApp at, TokenPair tokens)
    {
        var answer = await at.Users.MeAsync(tokens);
        return (answer.Status, answer.Code);
    }
}
