using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Identity.Credentials;
using Gatehouse.SystemTests.Organizations.Domains;

namespace Gatehouse.SystemTests.Identity.Factors;

/// <summary>Codes by mail as second factor, where a tenant lets them count, and contacts that may not go.</summary>
public sealed class EmailCodeTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private static readonly string[] Mailed = ["email"];
    private static readonly string[] Both = ["sms", "email"];

    private readonly TestApp app = domains.App;

    [Fact]
    public async Task A_mailed_code_is_asked_for_proves_again_and_is_never_worth_two_factors()
    {
        var (tenant, header) = await TenantAsync(new { secondFactors = Mailed });
        var person = await domains.SignUpAsync(header);
        await AddEmailAsync(person, letters: 2);

        var challenge = await ChallengedAsync(person, header);
        var code = await app.SentCodeAsync(challenge, "email", person.Email, 4, header);
        var answer = await app.Users.AnswerChallengeAsync(challenge, "email", code, header);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var claims = answer.Tokens().Claims;
        Assert.Equal(["otp", "pwd"], claims.GetProperty("amr").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal("aal1", claims.GetProperty("acr").GetString());

        // A stale session proves itself by another one.
        var session = answer.Tokens();
        await app.GrowStaleAsync(person);
        Assert.Equal("identity.reauthentication-required", (await app.Users.RemoveFactorAsync(session, "email")).Code);
        var begun = await app.Users.PostAsync("/v1/me/reauthenticate", new { }, session.Header);
        var again = begun.Body.GetProperty("challengeId").GetGuid();
        var proof = await app.SentCodeAsync(again, "email", person.Email, 5, session.Header);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.AnswerChallengeAsync(again, "email", proof, session.Header)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.RemoveFactorAsync(session, "email")).Status);
        Assert.NotEqual(Guid.Empty, tenant.Id);
    }

    [Fact]
    public async Task The_code_of_one_factor_is_none_of_the_other()
    {
        var (_, header) = await TenantAsync(new { secondFactors = Both });
        var person = await domains.SignUpAsync(header);
        var (number, _) = await app.AddSmsAsync(person);
        await AddEmailAsync(person, letters: 4);
        var signIn = await app.Users.SignInAsync(person.Email, headers: header);
        Assert.Equal(
            ["sms", "email", "recovery-code"],
            signIn.Body.GetProperty("factors").EnumerateArray().Select(factor => factor.GetString())
        );
        var challenge = signIn.Body.GetProperty("challengeId").GetGuid();
        var texted = await app.SentCodeAsync(challenge, "sms", number, 3, header);
        var mailed = await app.SentCodeAsync(challenge, "email", person.Email, 6, header);

        if (texted != mailed)
            Assert.Equal("identity.code-wrong", (await app.Users.AnswerChallengeAsync(challenge, "sms", mailed, header)).Code);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.AnswerChallengeAsync(challenge, "sms", texted, header)).Status);
    }

    [Fact]
    public async Task Where_a_factor_is_required_the_number_of_the_last_one_stays()
    {
        var (tenant, header) = await TenantAsync(new { secondFactors = Both });
        var person = await domains.SignUpAsync(header);
        await app.AddSmsAsync(person);
        await SetAsync(tenant, new { secondFactor = "required", secondFactorGraceDays = 0 });

        foreach (
            var answer in new[]
            {
                await app.Users.AskPhoneAsync(person, TestUsers.NewPhone()),
                await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/phone", person.Tokens),
                await app.Users.RemoveFactorAsync(person.Tokens, "sms"),
            }
        )
            Assert.Equal((HttpStatusCode.Conflict, "identity.factor-required"), (answer.Status, answer.Code));
        await AddEmailAsync(person, letters: 4);
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskPhoneAsync(person, TestUsers.NewPhone())).Status);
    }

    [Fact]
    public async Task Another_address_takes_its_factor_away()
    {
        var (_, header) = await TenantAsync(new { secondFactors = Mailed });
        var person = await domains.SignUpAsync(header);
        await AddEmailAsync(person, letters: 2);
        var next = TestUsers.NewEmail();
        var letter = await app.EmailLetterAsync(person, next);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.ConfirmEmailAsync(person, letter.Code)).Status);

        Assert.Equal("added,removed", await app.EventsAsync(person, "credential.changed.v1"));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(next, headers: header)).Status);
    }

    [Fact]
    public async Task A_mailed_code_lowers_no_minimum_length_and_one_by_text_message_does()
    {
        const string Short = "tq7!vbn4";
        var (_, header) = await TenantAsync(new { secondFactors = Both });
        var person = await domains.SignUpAsync(header);
        await AddEmailAsync(person, letters: 2);

        var asked = await app.Users.AskResetAsync(person.Email, header);
        var letter = await app.Users.LetterAsync(person.Email, 4, one => one.ResetCode.Length > 0);
        Assert.Equal(
            ["password: identity.password-too-short"],
            (await app.Users.ResetByCodeAsync(asked.ResetId(), letter.ResetCode, Short, header)).Errors
        );
        Assert.Equal(["newPassword: identity.password-too-short"], (await ChangeAsync()).Errors);

        await app.AddSmsAsync(person);
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync()).Status);

        Task<Answer> ChangeAsync() => app.Users.PostAsync("/v1/me/password", new { newPassword = Short }, person.Tokens.Header);
    }

    [Fact]
    public async Task Where_an_address_changes_once_the_next_change_is_refused_for_ever()
    {
        var (_, header) = await TenantAsync(new { emailChange = "once" });
        var person = await domains.SignUpAsync(header);
        var letter = await app.EmailLetterAsync(person, TestUsers.NewEmail());
        Assert.Equal(HttpStatusCode.OK, (await app.Users.ConfirmEmailAsync(person, letter.Code)).Status);
        await app.ExecuteAsync(
            "update identity.users set email_changed_at = email_changed_at - interval '3000 days' where id = $1",
            person.UserId
        );

        Assert.Equal("identity.email-change-used-up", (await app.Users.AskEmailAsync(person, TestUsers.NewEmail())).Code);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("en", true)]
    [InlineData("es", true)]
    [InlineData("hi", true)]
    [InlineData("en", false)]
    public async Task Where_a_tenant_allows_it_mailed_codes_are_added_asked_for_and_removed_on_pages(string language, bool script)
    {
        const string Steps = "/account/security/second-factor";
        var (_, header) = await TenantAsync(new { secondFactors = Mailed });
        var person = await domains.SignUpAsync(header);
        await using var visit = await SignInAsync();
        await visit.ArriveAsync("/account$");
        await visit.GoAsync(Steps);
        await visit.Page.ClickAsync($"form[action='{Steps}/email'] button");
        await visit.ArriveAsync($"{Steps}/email$");
        await visit.LookAsync($"email-confirm.{language}");
        await visit.Page.FillAsync("#code", (await app.Users.LetterAsync(person.Email, 2)).Code);
        await visit.Page.ClickAsync("#form button[type=submit]");
        await visit.ArriveAsync("/recovery-codes$");
        await visit.GoAsync(Steps);
        await visit.LookAsync($"second-factors-email.{language}");

        await using var other = await SignInAsync();
        await other.ArriveAsync("/sign-in/second-factor$");
        await other.LookAsync($"challenge-email-send.{language}");
        await other.Page.ClickAsync("#form button[type=submit]");
        await other.ArriveAsync("factor=email$");
        await other.Page.FillAsync("#code", (await app.Users.LetterAsync(person.Email, 4, one => one.Code.Length > 0)).Code);
        await other.Page.ClickAsync("#form button[type=submit]");
        await other.ArriveAsync("/account$");

        await visit.Page.ClickAsync($"a[href='{Steps}/email/remove']");
        await visit.LookAsync($"email-remove.{language}");
        await visit.Page.ClickAsync("main button.danger");
        await visit.ArriveAsync("done=email-removed$");

        async Task<Visit> SignInAsync()
        {
            var begun = await Visit.StartAsync(app, language, script);
            await begun.SendAsync(header);
            await begun.GoAsync("/sign-in");
            await begun.Page.FillAsync("#identifier", person.Email);
            await begun.Page.FillAsync("#password", TestUsers.Password);
            await begun.Page.ClickAsync("#form button[type=submit]");
            return begun;
        }
    }

    private async Task AddEmailAsync(SignedIn person, int letters)
    {
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.EnrollAsync(person.Tokens, "email")).Status);
        var code = (await app.Users.LetterAsync(person.Email, letters)).Code;
        var confirmed = await app.Users.ConfirmFactorAsync(person.Tokens, "email", code);
        Assert.True(confirmed.Status == HttpStatusCode.OK, confirmed.Text);
        await app.Users.LetterAsync(person.Email, letters + 1);
    }

    private async Task<Guid> ChallengedAsync(SignedIn person, (string, string) header)
    {
        var answer = await app.Users.SignInAsync(person.Email, headers: header);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Body.GetProperty("challengeId").GetGuid();
    }

    private async Task<(DomainTenant Tenant, (string, string) Header)> TenantAsync(object settings)
    {
        var tenant = await domains.TenantAsync();
        await SetAsync(tenant, settings);
        return (tenant, ("Gatehouse-Tenant", tenant.Name));
    }

    private async Task SetAsync(DomainTenant tenant, object settings) =>
        Assert.Equal(
            HttpStatusCode.OK,
            (await app.CallAsync(HttpMethod.Patch, $"/v1/tenants/{tenant.Id}/settings", tenant.Administrator, settings)).Status
        );
}
