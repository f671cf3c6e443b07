using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.SignIn;

/// <summary>A session proves again who its user is.</summary>
public sealed class ReauthenticateTests(RunningApp running)
{
    private const string Path = "/v1/me/reauthenticate";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task The_password_renews_the_proof_of_its_own_session_only()
    {
        var person = await app.Users.SomebodyAsync();
        var tokens = (await app.Users.SignInAsync(person.Email)).Tokens();
        await app.ExecuteAsync(
            "update identity.sessions set authenticated_at = authenticated_at - interval '1 hour' where user_id = $1",
            person.UserId
        );

        var answer = await app.Users.PostAsync(Path, new { password = TestUsers.Password }, tokens.Header);

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                "select count(*) from identity.sessions where user_id = $1 and authenticated_at > now() - interval '30 minutes'",
                person.UserId
            )
        );
    }

    [Fact]
    public async Task A_wrong_or_missing_password_renews_nothing_and_wrong_ones_make_wait()
    {
        var person = await app.Users.SomebodyAsync();
        var tokens = (await app.Users.SignInAsync(person.Email)).Tokens();

        Assert.Equal(["password: request.required"], (await app.Users.PostAsync(Path, new { }, tokens.Header)).Errors);
        for (var guess = 0; guess < 5; guess++)
        {
            var wrong = await app.Users.PostAsync(Path, new { password = $"not the password {guess}" }, tokens.Header);
            Assert.Equal(["password: identity.invalid-credentials"], wrong.Errors);
        }
        await app.LengthenWaitsAsync(person);

        var waits = await app.Users.PostAsync(Path, new { password = TestUsers.Password }, tokens.Header);
        Assert.Equal((HttpStatusCode.TooManyRequests, "identity.sign-in-throttled"), (waits.Status, waits.Code));
    }

    [Theory]
    [InlineData(4.5, HttpStatusCode.OK)]
    [InlineData(5.1, HttpStatusCode.Forbidden)]
    public async Task A_proof_counts_for_five_minutes(double minutes, HttpStatusCode status)
    {
        var person = await app.Users.SomebodyAsync();
        await app.ExecuteAsync(
            "update identity.sessions set authenticated_at = $2 where user_id = $1",
            person.UserId,
            app.Clock.GetUtcNow().AddMinutes(-minutes)
        );

        Assert.Equal(status, (await app.Users.SendAsync(HttpMethod.Post, "/v1/me/totp", person.Tokens)).Status);
    }

    [Fact]
    public async Task The_next_token_says_when_and_by_what_it_was_proved()
    {
        var person = await app.Users.SomebodyAsync();
        var session = (await app.Users.SignInAsync(person.Email)).Tokens();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        await app.ExecuteAsync(
            "update identity.sessions set authenticated_at = authenticated_at - interval '1 hour' where id = $1",
            session.SessionId
        );
        session = (await app.Users.RefreshAsync(session.Refresh)).Tokens();
        Assert.Equal("aal1", session.Claims.GetProperty("acr").GetString());

        var begun = await app.Users.PostAsync(Path, new { }, session.Header);
        var challenge = begun.Body.GetProperty("challengeId").GetGuid();
        var proved = await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code(), session.Header);
        Assert.Equal(HttpStatusCode.NoContent, proved.Status);

        var after = (await app.Users.RefreshAsync(session.Refresh)).Tokens().Claims;
        Assert.True(after.GetProperty("auth_time").GetInt64() > session.Claims.GetProperty("auth_time").GetInt64() + 3500);
        Assert.Equal("aal2", after.GetProperty("acr").GetString());
        Assert.Equal(["mfa", "otp", "pwd"], after.GetProperty("amr").EnumerateArray().Select(one => one.GetString()));
    }
}
