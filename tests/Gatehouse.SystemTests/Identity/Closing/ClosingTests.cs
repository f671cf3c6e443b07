using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;

namespace Gatehouse.SystemTests.Identity.Closing;

/// <summary>Users close their accounts, open them again in time, and are gone afterwards.</summary>
[Collection<MovedTime>]
public sealed class ClosingTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_closed_account_ends_all_sessions_and_signs_in_for_opening_it_again_alone()
    {
        var person = await app.Users.SomebodyAsync();
        var other = (await app.Users.SignInAsync(person.Email)).Tokens();

        var closed = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/close", person.Tokens);
        Assert.Equal(HttpStatusCode.OK, closed.Status);
        var eraseAt = closed.Body.GetProperty("eraseAt").GetDateTimeOffset();
        Assert.InRange(eraseAt - app.Clock.GetUtcNow(), TimeSpan.FromDays(13.9), TimeSpan.FromDays(14));
        foreach (var tokens in new[] { person.Tokens, other })
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(tokens)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.RefreshAsync(other.Refresh)).Status);
        Assert.Contains("is closed", (await app.Users.LetterAsync(person.Email, 2)).Text, StringComparison.Ordinal);

        var back = (await app.Users.SignInAsync(person.Email)).Tokens();
        Assert.True(back.Claims.GetProperty("accountClosed").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(back)).Status);
        var rejected = await app.Users.SendAsync(HttpMethod.Get, "/v1/me/activity", back);
        Assert.Equal((HttpStatusCode.Forbidden, "request.account-closed"), (rejected.Status, rejected.Code));
        Assert.True((await app.Users.RefreshAsync(back.Refresh)).Tokens().Claims.TryGetProperty("accountClosed", out _));

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(HttpMethod.Post, "/v1/me/close/undo", back)).Status);
        var free = (await app.Users.SignInAsync(person.Email)).Tokens();
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SendAsync(HttpMethod.Get, "/v1/me/activity", free)).Status);
        Assert.Equal("identity.account-not-closed", (await app.Users.SendAsync(HttpMethod.Post, "/v1/me/close/undo", free)).Code);
        Assert.Equal(
            "user.closed.v1, user.reopened.v1",
            await app.ScalarAsync<string>(
                """
                select string_agg(type, ', ' order by subject_version) from runtime.events
                 where key = $1 and type in ('user.closed.v1', 'user.reopened.v1', 'user.erased.v1')
                """,
                person.UserId
            )
        );
    }

    [Fact]
    public async Task Closing_asks_for_a_young_proof_and_twice_closes_once()
    {
        var person = await app.Users.SomebodyAsync();
        await app.ExecuteAsync(
            "update identity.sessions set authenticated_at = authenticated_at - interval '1 hour' where user_id = $1",
            person.UserId
        );
        var stale = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/close", person.Tokens);
        Assert.Equal((HttpStatusCode.Forbidden, "identity.reauthentication-required"), (stale.Status, stale.Code));

        await app.Users.ProveAsync(person);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => app.Users.SendAsync(HttpMethod.Post, "/v1/me/close", person.Tokens))
        );

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>("select count(*) from runtime.events where key = $1 and type = 'user.closed.v1'", person.UserId)
        );
    }

    [Fact]
    public async Task When_the_time_is_over_the_user_is_gone_and_the_address_is_free()
    {
        var person = await app.Users.SomebodyAsync("to-be-gone");
        await app.Users.SendAsync(HttpMethod.Post, "/v1/me/close", person.Tokens);
        await app.RunRecurringAsync<Gatehouse.Identity.Closing.EraseClosed>();
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email)).Status);

        app.Clock.Advance(TimeSpan.FromDays(14) + TimeSpan.FromMinutes(1));
        await app.RunRecurringAsync<Gatehouse.Identity.Closing.EraseClosed>();

        Assert.Equal("identity.invalid-credentials", (await app.Users.SignInAsync(person.Email)).Code);
        var letters = (await app.Users.LettersAsync(person.Email)).Count;
        var started = await app.Users.RegisterAsync(person.Email, username: "to-be-gone");
        var letter = await app.Users.LetterAsync(person.Email, letters + 1);
        var again = await app.Users.VerifyAsync(started.RegistrationId, letter.Code);
        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.NotEqual(person.UserId, again.Body.GetProperty("user").GetProperty("id").GetGuid());
    }
}
