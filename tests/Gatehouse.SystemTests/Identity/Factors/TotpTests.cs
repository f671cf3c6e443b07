using System.Net;
using Gatehouse.Identity.SignIn;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;

namespace Gatehouse.SystemTests.Identity.Factors;

/// <summary>An authenticator app as second factor: added, asked for, used once, removed.</summary>
public sealed class TotpTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Who_added_an_app_signs_in_with_password_and_code_and_the_token_says_so()
    {
        var person = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);

        var challenged = await app.Users.SignInAsync(person.Email);
        Assert.Equal(HttpStatusCode.OK, challenged.Status);
        Assert.Equal(
            ["totp", "recovery-code"],
            challenged.Body.GetProperty("factors").EnumerateArray().Select(factor => factor.GetString())
        );
        Assert.DoesNotContain("accessToken", challenged.Text, StringComparison.Ordinal);

        var challenge = challenged.Body.GetProperty("challengeId").GetGuid();
        var answer = await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code());

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var claims = answer.Tokens().Claims;
        Assert.Equal(["mfa", "otp", "pwd"], claims.GetProperty("amr").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal("aal2", claims.GetProperty("acr").GetString());
        var refreshed = await app.Users.RefreshAsync(answer.Tokens().Refresh);
        Assert.Equal("aal2", refreshed.Tokens().Claims.GetProperty("acr").GetString());
        Assert.Equal(
            "session.started.v1, user.signed-in.v1",
            await app.ScalarAsync<string>(
                """
                select string_agg(type, ', ' order by subject_version) from runtime.events
                 where key = $1 and subject_version > (select max(subject_version) from runtime.events
                                                        where key = $1 and type = 'credential.changed.v1') + 1
                """,
                person.UserId
            )
        );
    }

    [Fact]
    public async Task A_password_alone_is_one_factor()
    {
        var person = await app.Users.SomebodyAsync();
        var claims = (await app.Users.SignInAsync(person.Email)).Tokens().Claims;

        Assert.Equal(["pwd"], claims.GetProperty("amr").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal("aal1", claims.GetProperty("acr").GetString());
    }

    [Fact]
    public async Task A_used_code_and_all_before_it_never_count_again()
    {
        var person = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        var code = authenticator.Code();
        var before = authenticator.Code(-1);
        Assert.Equal(
            HttpStatusCode.Created,
            (await app.Users.AnswerChallengeAsync(await app.Users.ChallengedAsync(person.Email), "totp", code)).Status
        );

        var challenge = await app.Users.ChallengedAsync(person.Email);
        var again = await app.Users.AnswerChallengeAsync(challenge, "totp", code);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "identity.code-wrong"), (again.Status, again.Code));
        Assert.Equal(4, again.Body.GetProperty("attemptsRemaining").GetInt32());
        Assert.Equal("identity.code-wrong", (await app.Users.AnswerChallengeAsync(challenge, "totp", before)).Code);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code(1))).Status);
    }

    [Fact]
    public async Task One_code_opens_one_session_however_many_send_it_at_once()
    {
        var person = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        var challenges = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.Users.ChallengedAsync(person.Email)));
        var code = authenticator.Code();

        var answers = await Task.WhenAll(challenges.Select(challenge => app.Users.AnswerChallengeAsync(challenge, "totp", code)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
    }

    [Fact]
    public async Task Five_wrong_codes_end_the_challenge_and_guesses_make_wait_over_all_challenges()
    {
        var person = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        var challenge = await app.Users.ChallengedAsync(person.Email);
        // Ten codes away from all that count.
        var wrong = authenticator.Code(10);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Users.AnswerChallengeAsync(challenge, "totp", wrong)));

        Assert.InRange(answers.Count(answer => answer.Code == "identity.code-wrong"), 1, 5);
        Assert.All(answers, answer => Assert.Contains(answer.Code, OfGuesses));
        var next = await app.Users.ChallengedAsync(person.Email);
        await app.LengthenWaitsAsync(person);
        var right = await app.Users.AnswerChallengeAsync(next, "totp", authenticator.Code());
        Assert.Equal((HttpStatusCode.TooManyRequests, "identity.sign-in-throttled"), (right.Status, right.Code));
    }

    [Fact]
    public async Task A_reset_by_mail_keeps_the_count_of_guesses_and_an_administrator_clears_it()
    {
        var person = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        var challenge = await app.Users.ChallengedAsync(person.Email);
        for (var guess = 0; guess < 3; guess++)
            await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code(10));
        await app.Users.SignInAsync(person.Email, "not the password at all");
        Assert.Equal(4, await CountedAsync(person));

        await app.ResetAsync(person.Email);
        Assert.Equal(3, await CountedAsync(person));

        var admin = await app.TenantAdministratorAsync();
        await app.DeleteAsync($"/v1/users/{person.UserId}/failed-attempts", admin).DoneAsync();
        Assert.Equal(0, await CountedAsync(person));
    }

    [Fact]
    public async Task A_challenge_is_good_for_its_own_user_and_factors_once()
    {
        var person = await app.Users.SomebodyAsync();
        var other = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        var (foreign, codes) = await app.Users.AddTotpAsync(other.Tokens);
        var challenge = await app.Users.ChallengedAsync(person.Email);

        Assert.Equal("identity.code-wrong", (await app.Users.AnswerChallengeAsync(challenge, "totp", foreign.Code())).Code);
        Assert.Equal("identity.code-wrong", (await app.Users.AnswerChallengeAsync(challenge, "recovery-code", codes[0])).Code);
        Assert.Equal(["factor: request.unknown-value"], (await app.Users.AnswerChallengeAsync(challenge, "sms", "123456")).Errors);
        Assert.Equal(["factor: request.unknown-value"], (await app.Users.AnswerChallengeAsync(challenge, "password", "x")).Errors);
        Assert.Equal("identity.challenge-not-found", (await app.Users.AnswerChallengeAsync(person.UserId, "totp", "123456")).Code);
        Assert.Equal(
            ["factor: request.required", "code: request.required"],
            (await app.Users.PostAsync($"/v1/challenges/{challenge}", new { })).Errors
        );
        Assert.Equal(HttpStatusCode.Created, (await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code())).Status);
        Assert.Equal("identity.challenge-not-found", (await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code(1))).Code);
    }

    [Fact]
    public async Task An_expired_challenge_is_none()
    {
        var person = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        var challenge = await app.Users.ChallengedAsync(person.Email);
        await app.ExecuteAsync("update identity.challenges set expires_at = now() - interval '1 second' where id = $1", challenge);

        Assert.Equal("identity.challenge-not-found", (await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code())).Code);
    }

    [Fact]
    public async Task A_reset_does_not_get_past_the_app_and_ends_challenges_of_the_old_password()
    {
        var person = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        var old = await app.Users.ChallengedAsync(person.Email);
        const string Next = "another bridge over calm water";
        var reset = await app.Users.PostAsync("/v1/password-resets", new { identifier = person.Email });
        var letter = await app.Users.LetterAsync(person.Email, 3, one => one.ResetCode.Length > 0);
        var done = await app.Users.PostAsync(
            $"/v1/password-resets/{reset.Body.GetProperty("resetId").GetGuid()}/complete",
            new { code = letter.ResetCode, password = Next }
        );
        Assert.Equal(HttpStatusCode.NoContent, done.Status);

        Assert.Equal("identity.challenge-not-found", (await app.Users.AnswerChallengeAsync(old, "totp", authenticator.Code())).Code);
        var challenge = await app.Users.ChallengedAsync(person.Email, Next);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code())).Status);
    }

    [Fact]
    public async Task Nothing_counts_before_it_was_confirmed_and_what_is_begun_again_replaces_it()
    {
        var person = await app.Users.SomebodyAsync();
        var first = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/totp", person.Tokens);
        var second = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/totp", person.Tokens);

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email)).Status);
        var replaced = new Authenticator(first.Body.GetProperty("secret").GetString()!);
        var wrong = await app.Users.PostAsync("/v1/me/totp/confirm", new { code = replaced.Code() }, person.Tokens.Header);
        Assert.Equal("identity.code-wrong", wrong.Code);
        Assert.Equal(
            ["code: identity.code-malformed"],
            (await app.Users.PostAsync("/v1/me/totp/confirm", new { code = "12345" }, person.Tokens.Header)).Errors
        );
        var authenticator = new Authenticator(second.Body.GetProperty("secret").GetString()!);
        var confirmed = await app.Users.PostAsync("/v1/me/totp/confirm", new { code = authenticator.Code() }, person.Tokens.Header);
        Assert.Equal(HttpStatusCode.OK, confirmed.Status);
        Assert.Equal("identity.factor-already-added", (await app.Users.SendAsync(HttpMethod.Post, "/v1/me/totp", person.Tokens)).Code);
    }

    [Fact]
    public async Task The_secret_stands_in_a_picture_without_scripts_and_styles_and_in_no_table_in_clear()
    {
        var person = await app.Users.SomebodyAsync();
        var begun = (await app.Users.SendAsync(HttpMethod.Post, "/v1/me/totp", person.Tokens)).Body;
        var secret = begun.GetProperty("secret").GetString()!;

        Assert.Equal(32, secret.Length);
        var address = begun.GetProperty("address").GetString()!;
        Assert.StartsWith("otpauth://totp/", address, StringComparison.Ordinal);
        Assert.Contains($"secret={secret}&", address, StringComparison.Ordinal);
        Assert.Contains(Uri.EscapeDataString(person.Email), address, StringComparison.Ordinal);
        var picture = begun.GetProperty("qrCode").GetString()!;
        Assert.StartsWith("<svg", picture, StringComparison.Ordinal);
        Assert.DoesNotContain("style", picture, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("script", picture, StringComparison.OrdinalIgnoreCase);
        Assert.False(
            await app.ScalarAsync<bool>("select exists (select from identity.totp t where t::text ilike '%' || $1 || '%')", secret)
        );
    }

    [Fact]
    public async Task It_is_removed_with_a_fresh_code_only_and_its_owner_is_told()
    {
        var person = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        Assert.Contains("authenticator app was added", (await app.Users.LetterAsync(person.Email, 2)).Text, StringComparison.Ordinal);
        await StaleAsync(person);

        var stale = await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/totp", person.Tokens);
        Assert.Equal((HttpStatusCode.Forbidden, "identity.reauthentication-required"), (stale.Status, stale.Code));
        var begun = await app.Users.PostAsync("/v1/me/reauthenticate", new { password = TestUsers.Password }, person.Tokens.Header);
        Assert.Equal(HttpStatusCode.OK, begun.Status);
        var challenge = begun.Body.GetProperty("challengeId").GetGuid();
        // Another session of the same user does not answer it, nor does nobody.
        Assert.Equal("identity.challenge-not-found", (await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code())).Code);
        var proved = await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code(), person.Tokens.Header);
        Assert.Equal(HttpStatusCode.NoContent, proved.Status);

        var removed = await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/totp", person.Tokens);
        Assert.Equal(HttpStatusCode.NoContent, removed.Status);
        Assert.Equal("identity.factor-not-found", (await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/totp", person.Tokens)).Code);
        Assert.Contains("was removed", (await app.Users.LetterAsync(person.Email, 3)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email)).Status);
    }

    private static readonly string?[] OfGuesses = ["identity.code-wrong", "identity.sign-in-throttled", "identity.challenge-not-found"];

    private Task StaleAsync(SignedIn person) =>
        app.ExecuteAsync(
            "update identity.sessions set authenticated_at = authenticated_at - interval '1 hour' where user_id = $1",
            person.UserId
        );

    /// <summary>All failures of the account.</summary>
    private Task<int> CountedAsync(SignedIn person) =>
        app.ScalarAsync<int>(
            "select coalesce(sum(failures), 0)::int from identity.sign_in_failures where account = $1",
            app.Services.GetRequiredService<Throttle>()
                .AccountOf(person.Tokens.Claims.GetProperty("tid").GetGuid(), person.UserId)
                .ToStored()
        );
}
