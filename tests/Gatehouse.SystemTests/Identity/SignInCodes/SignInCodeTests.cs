using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Factors;

namespace Gatehouse.SystemTests.Identity.SignInCodes;

/// <summary>A code or a link instead of the password.</summary>
public sealed class SignInCodeTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_code_signs_in_and_is_recorded_published_and_remembered_like_a_password()
    {
        var user = await app.Users.SomebodyAsync();
        var asked = await app.Users.AskSignInCodeAsync($" {user.Email.ToUpperInvariant()} ");
        Assert.Equal(HttpStatusCode.Accepted, asked.Status);
        Assert.Equal("email", asked.Body.GetProperty("channel").GetString());
        Assert.EndsWith("***@example.com", asked.Body.GetProperty("maskedTarget").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(60, asked.Body.GetProperty("resendAfter").GetInt32());
        var letter = await app.Users.LetterAsync(user.Email, 2);
        Assert.StartsWith(letter.Code, letter.Subject, StringComparison.Ordinal);

        var signedIn = await app.Users.SignInByCodeAsync(asked.SignInCodeId(), letter.Code, ("Gatehouse-Device", user.Device));

        Assert.Equal(HttpStatusCode.Created, signedIn.Status);
        Assert.Equal(user.UserId, signedIn.Body.GetProperty("user").GetProperty("id").GetGuid());
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(signedIn.Tokens())).Status);
        Assert.Equal(
            "code",
            await app.ScalarAsync<string>("select method from identity.sessions where id = $1", signedIn.Tokens().SessionId)
        );
        Assert.Equal(
            "code true",
            await app.ScalarAsync<string>(
                """
                select concat_ws(' ', data::json ->> 'method', data::json ->> 'knownDevice') from runtime.events
                 where key = $1 and type = 'user.signed-in.v1'
                """,
                user.UserId
            )
        );
        // The device is known to the next sign-in with a password.
        Assert.NotEqual("", signedIn.Device());
    }

    [Fact]
    public async Task A_link_signs_in_once_and_with_cookies_where_they_are_asked_for()
    {
        var user = await app.Users.SomebodyAsync();
        var (id, letter) = await app.SignInMessageAsync(user.Email, user.Email);
        using var browser = new Browser(app);

        var signedIn = await browser.PostAsync("/v1/sign-in-codes/confirm", new { token = letter.LinkToken, transport = "cookie" });

        Assert.Equal(HttpStatusCode.Created, signedIn.Status);
        Assert.Equal("Cookie", signedIn.Body.GetProperty("tokens").GetProperty("tokenType").GetString());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/v1/me")).Status);
        Assert.Equal("identity.sign-in-code-completed", (await app.Users.SignInByLinkAsync(letter.LinkToken)).Code);
        Assert.Equal("identity.sign-in-code-completed", (await app.Users.SignInByCodeAsync(id, letter.Code)).Code);
        browser.Set("Gatehouse-Request", null);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await browser.PostAsync("/v1/sign-in-codes/confirm", new { token = letter.LinkToken, transport = "cookie" })).Status
        );
    }

    [Fact]
    public async Task A_username_gets_its_code_where_its_user_is_written_to()
    {
        var (email, username) = (TestUsers.NewEmail(), "code-by-name");
        var started = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(email, ("username", username)));
        await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(email)).Code);

        var asked = await app.Users.AskSignInCodeAsync(username);

        Assert.Equal("c***", asked.Body.GetProperty("maskedTarget").GetString());
        Assert.False(asked.Body.TryGetProperty("channel", out var channel) && channel.ValueKind == System.Text.Json.JsonValueKind.String);
        var letter = await app.Users.LetterAsync(email, 2);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInByCodeAsync(asked.SignInCodeId(), letter.Code)).Status);
    }

    [Theory]
    [InlineData(null, "sms")]
    [InlineData("sms", "sms")]
    [InlineData("whatsapp", "whatsapp")]
    public async Task A_number_gets_its_code_by_the_channel_that_was_chosen(string? channel, string used)
    {
        var number = TestUsers.NewPhone();
        var started = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(number));
        await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(number)).Code);

        var sent = channel is null ? "" : $",\"channel\":\"{channel}\"";
        var asked = await app.Users.PostRawAsync("/v1/sign-in-codes", $"{{\"identifier\":\"{number}\"{sent}}}");

        Assert.Equal((HttpStatusCode.Accepted, used), (asked.Status, asked.Body.GetProperty("channel").GetString()));
        var message = await app.Users.LetterAsync(number, 2);
        Assert.Equal((used, ""), (message.Channel, message.LinkToken));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInByCodeAsync(asked.SignInCodeId(), message.Code)).Status);
    }

    [Theory]
    [InlineData("""{"identifier":"a@example.com","channel":"sms"}""", "channel: request.unknown-value")]
    [InlineData("""{"identifier":"+447400000000","channel":"email"}""", "channel: request.unknown-value")]
    [InlineData("""{"identifier":"ada","channel":"pigeon"}""", "channel: request.unknown-value")]
    [InlineData("""{"identifier":"ada","channel":7}""", "channel: request.wrong-type")]
    [InlineData("""{"identifier":null}""", "identifier: request.required")]
    [InlineData("""{"identifier":"ada","name":"Ada"}""", "name: request.unknown-member")]
    public async Task What_cannot_be_sent_anywhere_is_rejected(string body, string error)
    {
        var rejected = await app.Users.PostRawAsync("/v1/sign-in-codes", body);

        Assert.Equal((HttpStatusCode.BadRequest, error), (rejected.Status, string.Join(", ", rejected.Errors)));
    }

    [Fact]
    public async Task Of_parallel_guesses_as_many_count_as_there_are()
    {
        var user = await app.Users.SomebodyAsync();
        var (id, letter) = await app.SignInMessageAsync(user.Email, user.Email);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => app.Users.SignInByCodeAsync(id, TestUsers.WrongCode(letter.Code)))
        );

        Assert.Equal(3, answers.Count(answer => answer.Code == "identity.code-wrong"));
        Assert.Equal(9, answers.Count(answer => answer.Code == "identity.too-many-attempts"));
        Assert.Equal("identity.too-many-attempts", (await app.Users.SignInByCodeAsync(id, letter.Code)).Code);
    }

    [Fact]
    public async Task Of_parallel_uses_of_one_code_one_signs_in()
    {
        var user = await app.Users.SomebodyAsync();
        var (id, letter) = await app.SignInMessageAsync(user.Email, user.Email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.Users.SignInByCodeAsync(id, letter.Code)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(5, answers.Count(answer => answer.Code == "identity.sign-in-code-completed"));
    }

    [Fact]
    public async Task Neither_code_nor_link_lets_in_who_was_disabled_meanwhile()
    {
        var administrator = await app.TenantAdministratorAsync();
        var user = await app.Users.SomebodyAsync();
        var (id, letter) = await app.SignInMessageAsync(user.Email, user.Email);
        await app.AssertDoneAsync(HttpMethod.Post, $"/v1/users/{user.UserId}/disable", administrator, new { });

        foreach (
            var answer in new[] { await app.Users.SignInByCodeAsync(id, letter.Code), await app.Users.SignInByLinkAsync(letter.LinkToken) }
        )
            Assert.Equal((HttpStatusCode.NotFound, "identity.sign-in-code-not-found"), (answer.Status, answer.Code));
        await app.Users.AskSignInCodeAsync(user.Email);
        await app.QuietAsync();
        Assert.Equal(2, (await app.Users.LettersAsync(user.Email)).Count);
        Assert.Equal(
            0L,
            await app.ScalarAsync<long>("select count(*) from identity.sessions where user_id = $1 and method = 'code'", user.UserId)
        );
    }

    [Fact]
    public async Task A_new_password_voids_the_code_that_was_asked_for_before()
    {
        var user = await app.Users.SomebodyAsync();
        var (id, letter) = await app.SignInMessageAsync(user.Email, user.Email);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var (reset, code) = await app.ResetMailAsync(user.Email, user.Email, 3);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(reset, code.ResetCode)).Status);

        Assert.Equal("identity.sign-in-code-not-found", (await app.Users.SignInByCodeAsync(id, letter.Code)).Code);
    }

    [Theory]
    [InlineData("code")]
    [InlineData("link")]
    public async Task Who_has_a_second_factor_is_asked_for_it_after_a_code_or_a_link(string way)
    {
        var user = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(user.Tokens);
        // The notice of the app is the second message.
        await app.Users.LetterAsync(user.Email, 2);
        var (id, letter) = await app.SignInMessageAsync(user.Email, user.Email, number: 3);

        var step = way == "code" ? await app.Users.SignInByCodeAsync(id, letter.Code) : await app.Users.SignInByLinkAsync(letter.LinkToken);

        Assert.Equal(HttpStatusCode.OK, step.Status);
        Assert.DoesNotContain("accessToken", step.Text, StringComparison.Ordinal);
        Assert.Equal(["totp", "recovery-code"], step.Body.GetProperty("factors").EnumerateArray().Select(factor => factor.GetString()));
        var answer = await app.Users.AnswerChallengeAsync(step.Body.GetProperty("challengeId").GetGuid(), "totp", authenticator.Code());
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(["mfa", "otp"], answer.Tokens().Claims.GetProperty("amr").EnumerateArray().Select(one => one.GetString()));
    }

    [Fact]
    public async Task A_code_to_the_number_is_not_asked_for_twice()
    {
        var user = await app.Users.SomebodyAsync();
        var (number, codes) = await app.AddSmsAsync(user);
        await app.QuietAsync();
        var (id, letter) = await app.SignInMessageAsync(number, number, (await app.Users.LettersAsync(number)).Count + 1);

        var step = await app.Users.SignInByCodeAsync(id, letter.Code);

        Assert.Equal(HttpStatusCode.OK, step.Status);
        Assert.Equal(["recovery-code"], step.Body.GetProperty("factors").EnumerateArray().Select(factor => factor.GetString()));
        var challenge = step.Body.GetProperty("challengeId").GetGuid();
        Assert.Equal(["factor: request.unknown-value"], (await app.Users.SendCodeAsync(challenge, "sms")).Errors);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.AnswerChallengeAsync(challenge, "recovery-code", codes[0])).Status);
    }
}
