using System.Net;
using Gatehouse.Identity.Verification;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Recovery;

/// <summary>What codes and links for a new password are worth, and when no longer.</summary>
[Collection<MovedTime>]
public sealed class ResetCodeTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task After_three_wrong_codes_the_right_one_is_refused_and_the_link_is_not()
    {
        var (id, letter, _) = await StartAsync();

        for (var left = 2; left >= 0; left--)
        {
            var wrong = await app.Users.ResetByCodeAsync(id, TestUsers.WrongCode(letter.ResetCode));
            Assert.Equal(
                (HttpStatusCode.UnprocessableEntity, "identity.code-wrong", left),
                (wrong.Status, wrong.Code, wrong.Body.GetProperty("attemptsRemaining").GetInt32())
            );
        }

        var fourth = await app.Users.ResetByCodeAsync(id, letter.ResetCode);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "identity.too-many-attempts"), (fourth.Status, fourth.Code));
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByLinkAsync(id, letter.LinkToken)).Status);
    }

    [Fact]
    public async Task Parallel_guesses_count_each()
    {
        var (id, letter, _) = await StartAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => app.Users.ResetByCodeAsync(id, TestUsers.WrongCode(letter.ResetCode)))
        );

        Assert.Equal(3, answers.Count(a => a.Code == "identity.code-wrong"));
        Assert.Equal(3, answers.Count(a => a.Code == "identity.too-many-attempts"));
    }

    [Fact]
    public async Task A_code_and_a_link_are_bound_to_their_reset()
    {
        var (first, ofFirst, _) = await StartAsync();
        var (second, ofSecond, _) = await StartAsync();

        Assert.Equal("identity.code-wrong", (await app.Users.ResetByCodeAsync(first, ofSecond.ResetCode)).Code);
        var link = await app.Users.ResetByLinkAsync(second, ofFirst.LinkToken);
        Assert.Equal((HttpStatusCode.NotFound, "identity.link-invalid"), (link.Status, link.Code));
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(first, ofFirst.ResetCode)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByLinkAsync(second, ofSecond.LinkToken)).Status);
    }

    [Fact]
    public async Task What_proves_a_registration_sets_no_password_and_the_other_way_round()
    {
        var (reset, letter, _) = await StartAsync();
        var email = TestUsers.NewEmail();
        var registration = (await app.Users.RegisterAsync(email)).RegistrationId;
        var ofRegistration = await app.Users.LetterAsync(email);

        Assert.Equal("identity.reset-not-found", (await app.Users.ResetByLinkAsync(registration, ofRegistration.LinkToken)).Code);
        Assert.Equal("identity.link-invalid", (await app.Users.ResetByLinkAsync(reset, ofRegistration.LinkToken)).Code);
        Assert.Equal("identity.link-invalid", (await app.Users.ConfirmAsync(letter.LinkToken)).Code);
        Assert.Equal("identity.registration-not-found", (await app.Users.VerifyAsync(reset, ofRegistration.Code)).Code);
        Assert.Equal(["code: identity.code-malformed"], (await app.Users.ResetByCodeAsync(reset, ofRegistration.Code)).Errors);

        // The same digits under the same id are another code when the purpose is another.
        await app.ExecuteAsync(
            "update identity.verifications set code_hash = $1 where id = $2",
            HashForAnotherPurpose(reset, letter.ResetCode),
            reset
        );
        Assert.Equal("identity.code-wrong", (await app.Users.ResetByCodeAsync(reset, letter.ResetCode)).Code);
    }

    [Fact]
    public async Task A_new_message_voids_the_one_before_at_once_and_brings_new_tries()
    {
        var (id, old, email) = await StartAsync();
        for (var i = 0; i < 3; i++)
            await app.Users.ResetByCodeAsync(id, TestUsers.WrongCode(old.ResetCode));
        Assert.Equal("identity.resend-too-soon", (await app.Users.ResendResetAsync(id)).Code);
        app.Clock.Advance(TimeSpan.FromSeconds(60));

        var sent = await app.Users.ResendResetAsync(id);
        Assert.Equal((HttpStatusCode.Accepted, 120), (sent.Status, sent.Body.GetProperty("resendAfter").GetInt32()));
        Assert.Equal("identity.code-wrong", (await app.Users.ResetByCodeAsync(id, old.ResetCode)).Code);
        Assert.Equal("identity.link-invalid", (await app.Users.ResetByLinkAsync(id, old.LinkToken)).Code);

        var fresh = await app.Users.LetterAsync(email, 3);
        Assert.NotEqual(old.ResetCode, fresh.ResetCode);
        Assert.Equal("identity.code-wrong", (await app.Users.ResetByCodeAsync(id, old.ResetCode)).Code);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(id, fresh.ResetCode)).Status);
    }

    [Fact]
    public async Task Five_messages_go_out_and_no_more()
    {
        var (id, _, email) = await StartAsync();
        foreach (var (wait, next, number) in new[] { (60, 120, 3), (120, 240, 4), (240, 240, 5), (240, 0, 6) })
        {
            var early = await app.Users.ResendResetAsync(id);
            Assert.Equal((HttpStatusCode.TooManyRequests, "identity.resend-too-soon"), (early.Status, early.Code));
            Assert.InRange(early.RetryAfter(), wait - 20, wait);
            app.Clock.Advance(TimeSpan.FromSeconds(early.RetryAfter()));
            Assert.Equal(next, (await app.Users.ResendResetAsync(id)).Body.GetProperty("resendAfter").GetInt32());
            await app.Users.LetterAsync(email, number);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(5));
        var last = await app.Users.ResendResetAsync(id);
        Assert.Equal((HttpStatusCode.Conflict, "identity.resend-limit-reached"), (last.Status, last.Code));
    }

    [Fact]
    public async Task The_code_ends_after_ten_minutes_and_the_link_after_thirty()
    {
        var (first, ofFirst, _) = await StartAsync();
        var (second, ofSecond, _) = await StartAsync();

        app.Clock.Advance(TimeSpan.FromMinutes(10));
        var late = await app.Users.ResetByCodeAsync(first, ofFirst.ResetCode);
        Assert.Equal((HttpStatusCode.Gone, "identity.code-expired"), (late.Status, late.Code));
        app.Clock.Advance(TimeSpan.FromMinutes(19));
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByLinkAsync(first, ofFirst.LinkToken)).Status);

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var over = await app.Users.ResetByLinkAsync(second, ofSecond.LinkToken);
        Assert.Equal((HttpStatusCode.NotFound, "identity.reset-not-found"), (over.Status, over.Code));
        Assert.Equal("identity.reset-not-found", (await app.Users.ResendResetAsync(second)).Code);
    }

    [Fact]
    public async Task An_ended_reset_goes_with_its_key_and_not_before()
    {
        var (id, _, _) = await StartAsync();

        app.Clock.Advance(TimeSpan.FromMinutes(29));
        await app.RunRecurringAsync<PurgeVerifications>();
        Assert.Equal((1L, 1L), await LeftAsync(id));

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.RunRecurringAsync<PurgeVerifications>();
        Assert.Equal((0L, 0L), await LeftAsync(id));
    }

    [Fact]
    public async Task One_network_gets_five_messages_a_day_and_a_known_device_five_more()
    {
        var person = await app.Users.SomebodyAsync("quota-taker");
        for (var i = 0; i < 7; i++)
            Assert.Equal(
                HttpStatusCode.Accepted,
                (await app.Users.AskResetAsync(i % 2 == 0 ? person.Email.ToUpperInvariant() : "Quota-Taker")).Status
            );
        await app.QuietAsync();
        // One of the registration, five of resets.
        Assert.Equal(6, (await app.Users.LettersAsync(person.Email)).Count);

        var known = ("Gatehouse-Device", person.Device);
        await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => app.Users.AskResetAsync(person.Email, known)));
        await app.QuietAsync();
        Assert.Equal(11, (await app.Users.LettersAsync(person.Email)).Count);

        app.Clock.Advance(TimeSpan.FromHours(24));
        await app.Users.AskResetAsync(person.Email);
        await app.Users.LetterAsync(person.Email, 12);
    }

    [Fact]
    public async Task Registrations_of_an_address_take_nothing_from_its_resets_nor_the_other_way_round()
    {
        var email = (await app.Users.SomebodyAsync()).Email;
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Accepted, (await app.Users.RegisterAsync(email)).Status);
        await app.QuietAsync();
        // Ten of registrations, the one that made the account among them.
        Assert.Equal(10, (await app.Users.LettersAsync(email)).Count);

        await app.ResetMailAsync(email, email, 11);

        var other = (await app.Users.SomebodyAsync()).Email;
        for (var i = 0; i < 6; i++)
            await app.Users.AskResetAsync(other);
        await app.QuietAsync();
        Assert.Equal(6, (await app.Users.LettersAsync(other)).Count);
        await app.Users.RegisterAsync(other);
        await app.Users.LetterAsync(other, 7);
    }

    [Fact]
    public async Task A_reset_asked_for_before_its_origin_was_kept_still_sends_and_opens()
    {
        var (id, _, email) = await StartAsync();
        await app.ExecuteAsync("update identity.verifications set payload = payload - 'network' - 'device' where id = $1", id);
        app.Clock.Advance(TimeSpan.FromSeconds(60));

        await app.Users.ResendResetAsync(id);

        Assert.Equal(
            HttpStatusCode.NoContent,
            (await app.Users.ResetByCodeAsync(id, (await app.Users.LetterAsync(email, 3)).ResetCode)).Status
        );
    }

    [Theory]
    [InlineData("""{"password":"seven geese cross a frozen lake"}""", "code: request.required")]
    [InlineData("""{"code":"1234567","password":"seven geese cross a frozen lake"}""", "code: identity.code-malformed")]
    [InlineData("""{"code":"１２３４５６７８","password":"seven geese cross a frozen lake"}""", "code: identity.code-malformed")]
    [InlineData("""{"token":"abc","password":"seven geese cross a frozen lake"}""", "token: identity.link-malformed")]
    [InlineData("""{"token":"","password":"seven geese cross a frozen lake"}""", "code: request.required")]
    [InlineData(
        """{"code":"12345678","token":"abc","password":"seven geese cross a frozen lake"}""",
        "token: identity.verification-ambiguous"
    )]
    [InlineData("""{"code":"12345678"}""", "password: request.required")]
    [InlineData("""{"code":12345678,"password":"seven geese cross a frozen lake"}""", "code: request.wrong-type")]
    [InlineData("""{"code":"12345678","password":"seven geese cross a frozen lake","userId":"x"}""", "userId: request.unknown-member")]
    public async Task A_malformed_proof_is_named_and_costs_no_try(string body, string fault)
    {
        var (id, letter, _) = await StartAsync();

        for (var i = 0; i < 4; i++)
            Assert.Equal([fault], (await app.Users.PostRawAsync($"/v1/password-resets/{id}/complete", body)).Errors);

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(id, letter.ResetCode)).Status);
    }

    [Theory]
    [InlineData("""{}""", "identifier: request.required")]
    [InlineData("""{"identifier":"  "}""", "identifier: request.required")]
    [InlineData("""{"identifier":"a\nb"}""", "identifier: request.control-character")]
    [InlineData("""{"identifier":["a"]}""", "identifier: request.wrong-type")]
    [InlineData("""{"email":"ada@example.com"}""", "email: request.unknown-member, identifier: request.required")]
    public async Task A_malformed_request_is_refused(string body, string faults) =>
        Assert.Equal(faults, string.Join(", ", (await app.Users.PostRawAsync("/v1/password-resets", body)).Errors));

    [Fact]
    public async Task Made_up_resets_are_not_found()
    {
        var id = Guid.CreateVersion7(app.Clock.GetUtcNow());

        foreach (var answer in new[] { await app.Users.ResetByCodeAsync(id, "12345678"), await app.Users.ResendResetAsync(id) })
            Assert.Equal((HttpStatusCode.NotFound, "identity.reset-not-found"), (answer.Status, answer.Code));
    }

    private byte[] HashForAnotherPurpose(Guid reset, string code)
    {
        var key = app.Services.GetRequiredService<Gatehouse.Encryption.ServerKeys>().Get(Gatehouse.Encryption.ServerKeys.Codes);
        var typed = Gatehouse.Identity.Verification.OneTimeCode.Parse(code, 8, "code", new Gatehouse.Core.Results.ValidationErrors())!;
        return Gatehouse.Identity.Verification.CodeHash.Compute(key, "registration", reset, typed);
    }

    private async Task<(long Rows, long Keys)> LeftAsync(Guid id) =>
        (
            await app.ScalarAsync<long>("select count(*) from identity.verifications where id = $1", id),
            await app.KeyScalarAsync<long>("select count(*) from keys.subject_keys where subject_id = $1", id)
        );

    private async Task<(Guid Id, Letter Letter, string Email)> StartAsync()
    {
        var person = await app.Users.SomebodyAsync();
        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);
        return (id, letter, person.Email);
    }
}
