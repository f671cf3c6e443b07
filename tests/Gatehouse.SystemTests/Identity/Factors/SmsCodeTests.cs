using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;

namespace Gatehouse.SystemTests.Identity.Factors;

/// <summary>Codes by text message as second factor: added, sent, used once, removed with the number.</summary>
public sealed class SmsCodeTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Who_added_codes_by_text_message_signs_in_with_password_and_code_and_the_token_says_so()
    {
        var person = await app.Users.SomebodyAsync();
        var (number, recoveryCodes) = await app.AddSmsAsync(person);
        Assert.Equal(10, recoveryCodes.Count);

        var challenged = await app.Users.SignInAsync(person.Email);
        Assert.Equal(
            ["sms", "recovery-code"],
            challenged.Body.GetProperty("factors").EnumerateArray().Select(factor => factor.GetString())
        );
        var challenge = challenged.Body.GetProperty("challengeId").GetGuid();
        var sent = await app.Users.SendCodeAsync(challenge, "sms");

        Assert.Equal(HttpStatusCode.Accepted, sent.Status);
        Assert.DoesNotContain(number, sent.Text, StringComparison.Ordinal);
        Assert.EndsWith(number[^2..], sent.Body.GetProperty("maskedTarget").GetString(), StringComparison.Ordinal);
        Assert.InRange(sent.Body.GetProperty("resendAfter").GetInt32(), 50, 60);
        var letter = await app.Users.LetterAsync(number, 3);
        Assert.StartsWith(letter.Code, letter.Text, StringComparison.Ordinal);
        var answer = await app.Users.AnswerChallengeAsync(challenge, "sms", letter.Code);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var claims = answer.Tokens().Claims;
        Assert.Equal(["mfa", "otp", "pwd", "sms"], claims.GetProperty("amr").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal("aal2", claims.GetProperty("acr").GetString());
        var listed = (await app.Users.SendAsync(HttpMethod.Get, "/v1/me/factors", answer.Tokens())).Body.GetProperty("factors")[0];
        Assert.Equal("sms", listed.GetProperty("factor").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.String, listed.GetProperty("lastUsedAt").ValueKind);
    }

    [Fact]
    public async Task Whoever_takes_the_number_over_does_not_get_the_password_by_it()
    {
        var person = await app.Users.SomebodyAsync();
        var (number, _) = await app.AddSmsAsync(person);
        await app.QuietAsync();
        var (mails, messages) = ((await app.Users.LettersAsync(person.Email)).Count, (await app.Users.LettersAsync(number)).Count);

        var (reset, letter) = await app.ResetMailAsync(number, person.Email, mails + 1);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(reset, letter.ResetCode)).Status);

        await app.ExecuteAsync("update identity.users set email_verified_at = null where id = $1", person.UserId);
        await app.QuietAsync();
        mails = (await app.Users.LettersAsync(person.Email)).Count;
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskResetAsync(number)).Status);
        await app.QuietAsync();
        var (later, sent) = ((await app.Users.LettersAsync(person.Email)).Count, await app.Users.LettersAsync(number));
        Assert.Equal(mails, later);
        Assert.DoesNotContain(sent.Skip(messages), one => one.ResetCode.Length > 0);
    }

    [Fact]
    public async Task A_code_is_good_for_its_own_challenge_once_and_not_before_one_was_sent()
    {
        var person = await app.Users.SomebodyAsync();
        var (number, _) = await app.AddSmsAsync(person);
        var first = await app.Users.ChallengedAsync(person.Email);
        var second = await app.Users.ChallengedAsync(person.Email);
        Assert.Equal("identity.code-wrong", (await app.Users.AnswerChallengeAsync(first, "sms", "123456")).Code);
        var code = await app.SentCodeAsync(first, "sms", number, 3);
        var later = await app.SentCodeAsync(second, "sms", number, 4);
        if (code != later)
        {
            Assert.Equal("identity.code-wrong", (await app.Users.AnswerChallengeAsync(second, "sms", code)).Code);
            Assert.Equal("identity.code-wrong", (await app.Users.AnswerChallengeAsync(first, "sms", later)).Code);
        }

        Assert.Equal("identity.code-wrong", (await app.Users.AnswerChallengeAsync(second, "sms", "１２３４５６")).Code);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.AnswerChallengeAsync(second, "sms", later)).Status);
    }

    [Fact]
    public async Task One_code_opens_one_session_however_many_send_it_at_once()
    {
        var person = await app.Users.SomebodyAsync();
        var (number, _) = await app.AddSmsAsync(person);
        var challenge = await app.Users.ChallengedAsync(person.Email);
        var code = await app.SentCodeAsync(challenge, "sms", number, 3);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.Users.AnswerChallengeAsync(challenge, "sms", code)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal("identity.challenge-not-found", (await app.Users.AnswerChallengeAsync(challenge, "sms", code)).Code);
        Assert.Equal("identity.challenge-not-found", (await app.Users.SendCodeAsync(challenge, "sms")).Code);
    }

    [Fact]
    public async Task An_expired_code_is_none_and_another_one_takes_its_wait_and_replaces_it()
    {
        var person = await app.Users.SomebodyAsync();
        var (number, _) = await app.AddSmsAsync(person);
        var challenge = await app.Users.ChallengedAsync(person.Email);
        var code = await app.SentCodeAsync(challenge, "sms", number, 3);

        var early = await app.Users.SendCodeAsync(challenge, "sms");
        Assert.Equal((HttpStatusCode.TooManyRequests, "identity.resend-too-soon"), (early.Status, early.Code));
        await app.ExecuteAsync(
            """
            update identity.verifications set code_expires_at = now() - interval '1 second', resend_at = now() - interval '1 second'
             where user_id = $1 and purpose = 'second-factor' and completed_at is null
            """,
            person.UserId
        );
        foreach (var (guess, left) in new[] { (code, 4), (TestUsers.WrongCode(code), 3) })
        {
            var expired = await app.Users.AnswerChallengeAsync(challenge, "sms", guess);
            Assert.Equal((HttpStatusCode.Gone, "identity.code-expired"), (expired.Status, expired.Code));
            Assert.Equal(left, expired.Body.GetProperty("attemptsRemaining").GetInt32());
        }

        var next = await app.SentCodeAsync(challenge, "sms", number, 4);
        if (next != code)
            Assert.Equal("identity.code-wrong", (await app.Users.AnswerChallengeAsync(challenge, "sms", code)).Code);

        Assert.Equal(HttpStatusCode.Created, (await app.Users.AnswerChallengeAsync(challenge, "sms", next)).Status);
    }

    [Fact]
    public async Task A_session_that_proves_itself_is_told_of_an_expired_code_too_and_guesses_at_one_end_the_challenge()
    {
        var person = await app.Users.SomebodyAsync();
        var (number, _) = await app.AddSmsAsync(person);
        var begun = await app.Users.PostAsync("/v1/me/reauthenticate", new { }, person.Tokens.Header);
        var challenge = begun.Body.GetProperty("challengeId").GetGuid();
        var code = await app.SentCodeAsync(challenge, "sms", number, 3, person.Tokens.Header);
        await app.ExecuteAsync(
            "update identity.verifications set code_expires_at = now() - interval '1 second' where user_id = $1 and completed_at is null",
            person.UserId
        );

        for (var left = 4; left >= 0; left--)
        {
            var expired = await app.Users.AnswerChallengeAsync(challenge, "sms", code, person.Tokens.Header);
            Assert.Equal((HttpStatusCode.Gone, "identity.code-expired"), (expired.Status, expired.Code));
            Assert.Equal(left, expired.Body.GetProperty("attemptsRemaining").GetInt32());
        }

        var over = await app.Users.AnswerChallengeAsync(challenge, "sms", code, person.Tokens.Header);
        Assert.Equal((HttpStatusCode.NotFound, "identity.challenge-not-found"), (over.Status, over.Code));
    }

    [Fact]
    public async Task The_page_says_that_a_code_has_expired_and_sends_another_one()
    {
        const string Page = "/sign-in/second-factor";
        var person = await app.Users.SomebodyAsync();
        var (number, _) = await app.AddSmsAsync(person);
        using var browser = new Browser(app);
        var challenged = await browser.FillAsync("/sign-in", "/sign-in", ("identifier", person.Email), ("password", TestUsers.Password));
        Assert.Equal(Page, challenged.Location());
        await browser.FillAsync(Page, Page + "/send");
        var code = (await app.Users.LetterAsync(number, 3)).Code;
        await app.ExecuteAsync(
            """
            update identity.verifications set code_expires_at = now() - interval '1 second', resend_at = now() - interval '1 second'
             where user_id = $1 and purpose = 'second-factor' and completed_at is null
            """,
            person.UserId
        );

        var expired = await browser.FillAsync(Page + "?factor=sms", Page, ("code", code));
        Assert.Equal("This code has expired. Send another code.", expired.Beside("code"));
        var sent = await browser.SendFormAsync(expired, Page + "/send");
        Assert.Equal(Page + "?factor=sms", sent.Location());
        var done = await browser.FillAsync(sent.Location(), Page, ("code", (await app.Users.LetterAsync(number, 4)).Code));
        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (done.Status, done.Location()));
    }

    [Fact]
    public async Task The_page_offers_no_other_code_once_the_tries_are_used_up_by_an_expired_one()
    {
        const string Page = "/sign-in/second-factor";
        var person = await app.Users.SomebodyAsync();
        var (number, _) = await app.AddSmsAsync(person);
        using var browser = new Browser(app);
        await browser.FillAsync("/sign-in", "/sign-in", ("identifier", person.Email), ("password", TestUsers.Password));
        await browser.FillAsync(Page, Page + "/send");
        var code = (await app.Users.LetterAsync(number, 3)).Code;
        await app.ExecuteAsync(
            "update identity.verifications set code_expires_at = now() - interval '1 second' where user_id = $1 and completed_at is null",
            person.UserId
        );
        await app.ExecuteAsync("update identity.challenges set attempts_remaining = 1 where user_id = $1", person.UserId);

        var over = await browser.FillAsync(Page + "?factor=sms", Page, ("code", code));

        Assert.DoesNotContain("Send another code", over.Text, StringComparison.Ordinal);
        Assert.Contains("Start again.", over.Text, StringComparison.Ordinal);
        Assert.Equal("/sign-in", (await browser.GetAsync(Page)).Location());
    }

    [Fact]
    public async Task A_challenge_outlives_the_code_that_was_sent_for_it_so_that_another_one_can_be_sent()
    {
        var person = await app.Users.SomebodyAsync();
        await app.AddSmsAsync(person);
        var challenge = await app.Users.ChallengedAsync(person.Email);

        foreach (var (age, waits) in new[] { (0, 15), (9, 15), (20, 10), (29, 1) })
        {
            var now = app.Clock.GetUtcNow();
            await app.ExecuteAsync(
                "update identity.challenges set created_at = $2, expires_at = $3 where id = $1",
                challenge,
                now.AddMinutes(-age),
                now.AddMinutes(1)
            );
            await app.ExecuteAsync("update identity.verifications set resend_at = $2 where user_id = $1", person.UserId, now);
            var sent = await app.Users.SendCodeAsync(challenge, "sms");
            Assert.True(sent.Status == HttpStatusCode.Accepted, sent.Text);
            var until = await app.ScalarAsync<DateTime>("select expires_at from identity.challenges where id = $1", challenge);
            Assert.Equal(waits, Math.Round((until - now.UtcDateTime).TotalMinutes));
        }
    }

    [Fact]
    public async Task Codes_are_sent_for_factors_of_an_own_living_challenge_alone()
    {
        var person = await app.Users.SomebodyAsync();
        await app.AddSmsAsync(person);
        var challenge = await app.Users.ChallengedAsync(person.Email);

        Assert.Equal(["factor: request.required"], (await app.Users.SendCodeAsync(challenge, factor: null)).Errors);
        foreach (var other in new[] { "email", "totp", "recovery-code", "passkey", new string('x', 10_000) })
            Assert.Equal(["factor: request.unknown-value"], (await app.Users.SendCodeAsync(challenge, other)).Errors);
        Assert.Equal("identity.challenge-not-found", (await app.Users.SendCodeAsync(person.UserId, "sms")).Code);
        var begun = await app.Users.PostAsync("/v1/me/reauthenticate", new { }, person.Tokens.Header);
        var ofSession = begun.Body.GetProperty("challengeId").GetGuid();
        Assert.Equal("identity.challenge-not-found", (await app.Users.SendCodeAsync(ofSession, "sms")).Code);
        var other2 = await app.Users.SomebodyAsync();
        Assert.Equal("identity.challenge-not-found", (await app.Users.SendCodeAsync(ofSession, "sms", other2.Tokens.Header)).Code);
        await app.ExecuteAsync("update identity.challenges set expires_at = now() - interval '1 second' where id = $1", challenge);
        Assert.Equal("identity.challenge-not-found", (await app.Users.SendCodeAsync(challenge, "sms")).Code);
    }

    [Fact]
    public async Task A_number_gets_ten_codes_a_day()
    {
        var person = await app.Users.SomebodyAsync();
        await app.AddSmsAsync(person);
        await app.ExecuteAsync(
            """
            update identity.code_quotas set sends = 10
             where kind = 'second-factor' and blind_index in (select blind_index from identity.identifiers where user_id = $1)
            """,
            person.UserId
        );

        var withheld = await app.Users.SendCodeAsync(await app.Users.ChallengedAsync(person.Email), "sms");

        Assert.Equal((HttpStatusCode.TooManyRequests, "identity.daily-limit-reached"), (withheld.Status, withheld.Code));
    }

    [Fact]
    public async Task Adding_takes_a_number_a_fresh_proof_and_the_code_that_was_sent()
    {
        var person = await app.Users.SomebodyAsync();
        Assert.Equal("identity.no-verified-contact", (await app.Users.EnrollAsync(person.Tokens, "sms")).Code);
        Assert.Equal("identity.factor-not-allowed", (await app.Users.EnrollAsync(person.Tokens, "email")).Code);
        Assert.Equal("identity.factor-not-found", (await app.Users.EnrollAsync(person.Tokens, "pigeon")).Code);
        Assert.Equal("identity.factor-not-found", (await app.Users.ConfirmFactorAsync(person.Tokens, "sms", "123456")).Code);
        Assert.Equal(["code: request.required"], (await app.Users.ConfirmFactorAsync(person.Tokens, "sms", code: null)).Errors);
        Assert.Equal(["code: identity.code-malformed"], (await app.Users.ConfirmFactorAsync(person.Tokens, "sms", "12345")).Errors);

        var number = await app.WithPhoneAsync(person);
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.EnrollAsync(person.Tokens, "sms")).Status);
        Assert.Equal("identity.resend-too-soon", (await app.Users.EnrollAsync(person.Tokens, "sms")).Code);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email)).Status);
        var code = (await app.Users.LetterAsync(number, 2)).Code;
        var wrong = await app.Users.ConfirmFactorAsync(person.Tokens, "sms", TestUsers.WrongCode(code));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "identity.code-wrong"), (wrong.Status, wrong.Code));
        var stale = await app.StaleAsync(person);
        Assert.Equal("identity.reauthentication-required", (await app.Users.EnrollAsync(stale.Tokens, "sms")).Code);
        Assert.Equal("identity.reauthentication-required", (await app.Users.ConfirmFactorAsync(stale.Tokens, "sms", code)).Code);
        await app.Users.ProveAsync(stale);

        Assert.Equal(HttpStatusCode.OK, (await app.Users.ConfirmFactorAsync(stale.Tokens, "sms", code)).Status);
        Assert.Equal("identity.factor-already-added", (await app.Users.ConfirmFactorAsync(stale.Tokens, "sms", code)).Code);
        Assert.Equal("identity.factor-already-added", (await app.Users.EnrollAsync(stale.Tokens, "sms")).Code);
    }

    [Fact]
    public async Task A_code_to_the_former_number_does_not_confirm_the_new_one()
    {
        var person = await app.Users.SomebodyAsync();
        var former = await app.WithPhoneAsync(person);
        await app.Users.EnrollAsync(person.Tokens, "sms");
        var code = (await app.Users.LetterAsync(former, 2)).Code;
        await app.WithPhoneAsync(person);

        Assert.Equal("identity.factor-not-found", (await app.Users.ConfirmFactorAsync(person.Tokens, "sms", code)).Code);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email)).Status);
    }

    [Fact]
    public async Task It_is_removed_with_a_fresh_code_and_its_owner_is_told()
    {
        var person = await app.Users.SomebodyAsync();
        var (number, _) = await app.AddSmsAsync(person);
        await app.GrowStaleAsync(person);
        Assert.Equal("identity.reauthentication-required", (await app.Users.RemoveFactorAsync(person.Tokens, "sms")).Code);
        var begun = await app.Users.PostAsync("/v1/me/reauthenticate", new { }, person.Tokens.Header);
        var challenge = begun.Body.GetProperty("challengeId").GetGuid();
        var code = await app.SentCodeAsync(challenge, "sms", number, 3, person.Tokens.Header);
        var proved = await app.Users.AnswerChallengeAsync(challenge, "sms", code, person.Tokens.Header);
        Assert.Equal(HttpStatusCode.NoContent, proved.Status);

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.RemoveFactorAsync(person.Tokens, "sms")).Status);

        Assert.Equal("identity.factor-not-found", (await app.Users.RemoveFactorAsync(person.Tokens, "sms")).Code);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email)).Status);
        Assert.Equal("added,removed", await app.EventsAsync(person, "credential.changed.v1"));
        // The code of the registration, the number, the factor, and that it is gone.
        Assert.Contains(
            "Codes by text message were removed",
            (await app.Users.LetterAsync(person.Email, 4)).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Another_number_or_none_takes_the_factor_away_and_an_open_challenge_with_it()
    {
        foreach (var changes in new[] { true, false })
        {
            var person = await app.Users.SomebodyAsync();
            var (number, _) = await app.AddSmsAsync(person);
            var challenge = await app.Users.ChallengedAsync(person.Email);
            var code = await app.SentCodeAsync(challenge, "sms", number, 3);
            if (changes)
                await app.WithPhoneAsync(person);
            else
                Assert.Equal(
                    HttpStatusCode.NoContent,
                    (await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/phone", person.Tokens)).Status
                );

            Assert.Equal("identity.challenge-not-found", (await app.Users.AnswerChallengeAsync(challenge, "sms", code)).Code);
            Assert.Equal("added,removed", await app.EventsAsync(person, "credential.changed.v1"));
            Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email)).Status);
            await app.QuietAsync();
            Assert.Contains(
                await app.Users.LettersAsync(person.Email),
                letter => letter.Text.Contains("Codes by text message were removed", StringComparison.Ordinal)
            );
        }
    }
}
