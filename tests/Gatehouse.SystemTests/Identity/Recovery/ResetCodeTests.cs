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
    public async Task The_same_digits_under_the_same_id_are_another_code_for_another_purpose()
    {
        var (reset, letter, _) = await StartAsync();

        await app.ExecuteAsync(
            "update identity.verifications set code_hash = $1 where id = $2",
            HashForAnotherPurpose(reset, letter.ResetCode),
            reset
        );
        Assert.Equal("identity.code-wrong", (await app.Users.ResetByCodeAsync(reset, letter.ResetCode)).Code);
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
    [InlineData("""{"token":"","password":"seven geese cross a frozen lake"}""", "code: request.required")]
    [InlineData(
        """{"code":"12345678","token":"abc","password":"seven geese cross a frozen lake"}""",
        "token: identity.verification-ambiguous"
    )]
    [InlineData("""{"code":"12345678"}""", "password: request.required")]
    [InlineData("""{"token":"a\u0001b","password":"seven geese cross a frozen lake"}""", "token: request.control-character")]
    [InlineData("""{"token":7,"password":"seven geese cross a frozen lake"}""", "token: request.wrong-type")]
    [InlineData("""{"token":"a\ud800","password":"seven geese cross a frozen lake"}""", "token: request.invalid-text")]
    [InlineData("""{"code":"a\u0001b","password":"seven geese cross a frozen lake"}""", "code: request.control-character")]
    [InlineData("""{"code":" ","password":"seven geese cross a frozen lake"}""", "code: request.required")]
    [InlineData("""{"code":"12345678","password":"seven geese cross a frozen lake","userId":"x"}""", "userId: request.unknown-member")]
    public async Task A_malformed_request_to_complete_is_named_and_costs_no_attempt(string body, string fault)
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
