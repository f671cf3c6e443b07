using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Passkeys;

namespace Gatehouse.SystemTests.Identity.Factors;

/// <summary>A passkey beside the password, and to prove again who is signed in.</summary>
public sealed class PasskeyFactorTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task The_first_passkey_brings_recovery_codes_and_answers_the_challenge_of_the_password()
    {
        var person = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        var added = await app.AddAsync(person, await app.CreationOptionsAsync(person), device);
        Assert.Equal(10, added.Body.GetProperty("recoveryCodes").GetArrayLength());

        var challenged = await app.Users.SignInAsync(person.Email);
        Assert.Equal(
            ["passkey", "recovery-code"],
            challenged.Body.GetProperty("factors").EnumerateArray().Select(factor => factor.GetString())
        );
        var answer = await AnswerAsync(challenged.Body.GetProperty("challengeId").GetGuid(), device);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(["mfa", "pwd", "swk"], answer.Tokens().Claims.GetProperty("amr").EnumerateArray().Select(one => one.GetString()));
    }

    [Fact]
    public async Task A_passkey_alone_is_two_factors()
    {
        var person = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        await app.AddedAsync(person, device);

        var signedIn = await app.SignInAsync(device);

        Assert.Equal(HttpStatusCode.Created, signedIn.Status);
        Assert.Equal("aal2", signedIn.Tokens().Claims.GetProperty("acr").GetString());
    }

    [Fact]
    public async Task Another_users_passkey_another_challenges_answer_and_one_to_sign_in_answer_nothing()
    {
        var person = await app.Users.SomebodyAsync();
        var other = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        using var foreign = new SoftwareAuthenticator();
        await app.AddedAsync(person, device);
        await app.AddedAsync(other, foreign);
        var challenge = await app.Users.ChallengedAsync(person.Email);

        Assert.Equal("identity.code-wrong", (await AnswerAsync(challenge, foreign)).Code);
        var signIn = await app.SignInOptionsAsync();
        Assert.Equal("identity.code-wrong", (await SendAsync(challenge, signIn, device)).Code);
        var theirs = await OptionsAsync(await app.Users.ChallengedAsync(other.Email));
        Assert.Equal("identity.code-wrong", (await SendAsync(challenge, theirs, device)).Code);
        Assert.Equal(
            ["ceremonyId: request.required", "credential: request.required"],
            (await app.Users.PostAsync($"/v1/challenges/{challenge}", new { factor = "passkey" })).Errors
        );

        Assert.Equal(HttpStatusCode.Created, (await AnswerAsync(challenge, device)).Status);
        Assert.Equal("identity.challenge-not-found", (await OptionsAsync(challenge)).Code);
    }

    [Fact]
    public async Task What_was_asked_for_one_challenge_answers_no_other_one_of_the_same_user()
    {
        var person = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        await app.AddedAsync(person, device);
        var (first, second) = (await app.Users.ChallengedAsync(person.Email), await app.Users.ChallengedAsync(person.Email));
        var options = await OptionsAsync(first);

        Assert.Equal("identity.code-wrong", (await SendAsync(second, options, device)).Code);
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(first, options, device)).Status);
    }

    [Fact]
    public async Task Removing_one_of_two_is_told_and_no_device_is_remembered_any_more()
    {
        var person = await app.Users.SomebodyAsync();
        using var left = new SoftwareAuthenticator();
        using var lost = new SoftwareAuthenticator();
        var added = await app.AddAsync(person, await app.CreationOptionsAsync(person), left);
        var id = await app.AddedAsync(person, lost);
        var remembered = await app.Users.PostAsync(
            $"/v1/challenges/{await app.Users.ChallengedAsync(person.Email)}",
            new
            {
                factor = "recovery-code",
                code = added.Body.GetProperty("recoveryCodes")[0].GetString(),
                rememberDevice = true,
            }
        );
        var device = ("Gatehouse-Device", remembered.Device());
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, headers: device)).Status);

        var removed = await app.Users.SendAsync(HttpMethod.Delete, $"{PasskeyCalls.Path}/{id}", person.Tokens);

        Assert.Equal(HttpStatusCode.NoContent, removed.Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SignInAsync(person.Email, headers: device)).Status);
        await app.QuietAsync();
        Assert.Contains(
            await app.Users.LettersAsync(person.Email),
            letter => letter.Text.Contains("A passkey was removed", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task It_proves_again_who_is_signed_in_and_the_last_one_takes_the_recovery_codes_along()
    {
        var person = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        var id = await app.AddedAsync(person, device);
        await app.GrowOldAsync(person);
        Assert.Equal(
            "identity.reauthentication-required",
            (await app.Users.SendAsync(HttpMethod.Delete, $"{PasskeyCalls.Path}/{id}", person.Tokens)).Code
        );

        var begun = await app.Users.PostAsync("/v1/me/reauthenticate", new { }, person.Tokens.Header);
        var challenge = begun.Body.GetProperty("challengeId").GetGuid();
        Assert.Equal("identity.challenge-not-found", (await OptionsAsync(challenge)).Code);
        var proved = await AnswerAsync(challenge, device, person.Tokens.Header);
        Assert.Equal(HttpStatusCode.NoContent, proved.Status);

        var removed = await app.Users.SendAsync(HttpMethod.Delete, $"{PasskeyCalls.Path}/{id}", person.Tokens);
        Assert.Equal(HttpStatusCode.NoContent, removed.Status);
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from identity.recovery_codes where user_id = $1", person.UserId));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email)).Status);
    }

    [Fact]
    public async Task What_a_browser_was_asked_for_a_challenge_no_other_browser_answers()
    {
        var person = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        await app.AddedAsync(person, device);
        using var asking = new Browser(app);
        using var other = new Browser(app);
        var path = $"/v1/challenges/{await app.Users.ChallengedAsync(person.Email)}";
        var options = await asking.PostAsync(path + "/passkey-options", new { });
        await other.PostAsync("/v1/passkey-options", new { });
        var answer = new
        {
            factor = "passkey",
            ceremonyId = options.Ceremony(),
            credential = device.Get(options.PublicKey()),
        };

        Assert.Equal("identity.code-wrong", (await other.PostAsync(path, answer)).Code);
        Assert.Equal("identity.code-wrong", (await app.Users.PostAsync(path, answer)).Code);
        Assert.Equal(HttpStatusCode.Created, (await asking.PostAsync(path, answer)).Status);
    }

    private Task<Answer> OptionsAsync(Guid challenge, params (string Name, string Value)[] headers) =>
        app.Users.PostAsync($"/v1/challenges/{challenge}/passkey-options", body: null, headers);

    private async Task<Answer> AnswerAsync(Guid challenge, SoftwareAuthenticator device, params (string Name, string Value)[] headers) =>
        await SendAsync(challenge, await OptionsAsync(challenge, headers), device, headers);

    private Task<Answer> SendAsync(
        Guid challenge,
        Answer options,
        SoftwareAuthenticator device,
        params (string Name, string Value)[] headers
    ) =>
        app.Users.PostAsync(
            $"/v1/challenges/{challenge}",
            new
            {
                factor = "passkey",
                ceremonyId = options.Ceremony(),
                credential = device.Get(options.PublicKey()),
            },
            headers
        );
}
