using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;

namespace Gatehouse.SystemTests.Identity.Factors;

/// <summary>Codes that stand in for a lost second factor, each once.</summary>
public sealed class RecoveryCodeTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Each_of_the_ten_signs_in_once_however_it_is_typed_and_its_owner_is_told()
    {
        var person = await app.Users.SomebodyAsync();
        var (_, codes) = await app.Users.AddTotpAsync(person.Tokens);
        Assert.Equal(10, codes.Distinct(StringComparer.Ordinal).Count());

        var typed = " " + codes[0].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal);
        var challenge = await app.Users.ChallengedAsync(person.Email);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.AnswerChallengeAsync(challenge, "recovery-code", typed)).Status);
        var next = await app.Users.ChallengedAsync(person.Email);
        Assert.Equal("identity.code-wrong", (await app.Users.AnswerChallengeAsync(next, "recovery-code", codes[0])).Code);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.AnswerChallengeAsync(next, "recovery-code", codes[1])).Status);

        Assert.Equal(8, (await FactorsAsync(person)).Body.GetProperty("recoveryCodesLeft").GetInt32());
        Assert.Contains("recovery code was used", (await app.Users.LetterAsync(person.Email, 4)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_ones_void_those_of_before_and_none_stands_in_clear()
    {
        var person = await app.Users.SomebodyAsync();
        var (_, old) = await app.Users.AddTotpAsync(person.Tokens);

        var made = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/recovery-codes", person.Tokens);
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Contains("New recovery codes", (await app.Users.LetterAsync(person.Email, 3)).Text, StringComparison.Ordinal);
        var fresh = made.Body.GetProperty("recoveryCodes").EnumerateArray().Select(code => code.GetString()!).ToList();

        var challenge = await app.Users.ChallengedAsync(person.Email);
        Assert.Equal("identity.code-wrong", (await app.Users.AnswerChallengeAsync(challenge, "recovery-code", old[0])).Code);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.AnswerChallengeAsync(challenge, "recovery-code", fresh[0])).Status);
        Assert.False(
            await app.ScalarAsync<bool>(
                "select exists (select from identity.recovery_codes c where c::text ilike '%' || $1 || '%')",
                fresh[1].Replace("-", "", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task Without_a_second_factor_there_are_none()
    {
        var person = await app.Users.SomebodyAsync();

        var none = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/recovery-codes", person.Tokens);
        Assert.Equal((HttpStatusCode.Conflict, "identity.no-second-factor"), (none.Status, none.Code));
        var (_, codes) = await app.Users.AddTotpAsync(person.Tokens);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/totp", person.Tokens)).Status);
        Assert.Equal(0, (await FactorsAsync(person)).Body.GetProperty("recoveryCodesLeft").GetInt32());
        Assert.NotEmpty(codes);
    }

    [Fact]
    public async Task An_old_proof_makes_no_new_ones_and_those_of_before_stay_good()
    {
        var person = await app.Users.SomebodyAsync();
        var (_, codes) = await app.Users.AddTotpAsync(person.Tokens);
        await app.GrowStaleAsync(person);

        var stale = await app.Users.PostAsync("/v1/me/recovery-codes", body: null, person.Tokens.Header);

        Assert.Equal((HttpStatusCode.Forbidden, "identity.reauthentication-required"), (stale.Status, stale.Code));
        var challenge = await app.Users.ChallengedAsync(person.Email);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.AnswerChallengeAsync(challenge, "recovery-code", codes[0])).Status);
    }

    [Fact]
    public async Task One_sent_to_several_challenges_at_once_opens_one()
    {
        var person = await app.Users.SomebodyAsync();
        var (_, codes) = await app.Users.AddTotpAsync(person.Tokens);
        var challenges = new List<Guid>();
        for (var i = 0; i < 4; i++)
            challenges.Add(await app.Users.ChallengedAsync(person.Email));

        var answers = await Task.WhenAll(challenges.Select(id => app.Users.AnswerChallengeAsync(id, "recovery-code", codes[0])));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(3, answers.Count(answer => answer.Code == "identity.code-wrong"));
    }

    private Task<Answer> FactorsAsync(SignedIn person) => app.Users.SendAsync(HttpMethod.Get, "/v1/me/factors", person.Tokens);
}
