using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;
using Gatehouse.SystemTests.Identity.Passkeys;
using Gatehouse.SystemTests.Organizations.Domains;

namespace Gatehouse.SystemTests.Identity.Factors;

/// <summary>Who must have a second factor, from when on, and what spares it.</summary>
public sealed class SecondFactorPolicyTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private const string Short = "tq7!vbn4";

    private static readonly string[] Totp = ["totp"];
    private static readonly string[] Administrators = ["tenant-administrator"];
    private static readonly string[] Unknown = ["no-such-role"];

    private readonly TestApp app = domains.App;

    [Fact]
    public async Task Where_it_is_required_a_session_without_one_is_good_for_adding_one_alone()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        var person = await InAsync(tenant);
        await SetAsync(tenant, new { secondFactor = "required", secondFactorGraceDays = 0 });

        var signedIn = await app.Users.SignInAsync(person, headers: header);
        var tokens = signedIn.Tokens();
        Assert.True(tokens.Claims.GetProperty("secondFactorDue").GetBoolean());
        var rejected = await app.Users.SendAsync(HttpMethod.Get, "/v1/me/activity", tokens);
        Assert.Equal((HttpStatusCode.Forbidden, "request.second-factor-due"), (rejected.Status, rejected.Code));
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(tokens)).Status);
        var factors = (await app.Users.SendAsync(HttpMethod.Get, "/v1/me/factors", tokens)).Body;
        Assert.True(factors.GetProperty("required").GetBoolean());
        Assert.True((await app.Users.RefreshAsync(tokens.Refresh, header)).Tokens().Claims.TryGetProperty("secondFactorDue", out _));

        // Somebody else who knows the password, and waits for the owner to add a factor.
        var thief = (await app.Users.SignInAsync(person, headers: header)).Tokens();
        await app.Users.AddTotpAsync(tokens);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.RefreshAsync(thief.Refresh, header)).Status);

        var again = (await app.Users.SignInAsync(person, headers: header)).Body.GetProperty("factors");
        Assert.Equal("totp", again[0].GetString());
        var refreshed = (await app.Users.RefreshAsync(tokens.Refresh, header)).Tokens();
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SendAsync(HttpMethod.Get, "/v1/me/activity", refreshed)).Status);
        var last = await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/totp", refreshed);
        Assert.Equal((HttpStatusCode.Conflict, "identity.factor-required"), (last.Status, last.Code));
    }

    [Fact]
    public async Task Until_the_days_are_over_it_is_only_announced()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        var person = await InAsync(tenant);
        await SetAsync(tenant, new { secondFactor = "required", secondFactorGraceDays = 3 });

        var tokens = (await app.Users.SignInAsync(person, headers: header)).Tokens();
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SendAsync(HttpMethod.Get, "/v1/me/activity", tokens)).Status);
        var due = (await app.Users.SendAsync(HttpMethod.Get, "/v1/me/factors", tokens)).Body.GetProperty("dueAt").GetDateTimeOffset();
        Assert.InRange(due, TimeProvider.System.GetUtcNow().AddDays(2), TimeProvider.System.GetUtcNow().AddDays(4));

        await app.ExecuteAsync(
            "update identity.users set second_factor_due_at = now() - interval '1 minute' where id = $1",
            Guid.Parse(tokens.Claims.GetProperty("sub").GetString()!)
        );
        var late = (await app.Users.SignInAsync(person, headers: header)).Tokens();
        Assert.Equal("request.second-factor-due", (await app.Users.SendAsync(HttpMethod.Get, "/v1/me/activity", late)).Code);
    }

    [Fact]
    public async Task Holders_of_some_roles_need_it_where_others_do_not()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        var person = await InAsync(tenant);
        await SetAsync(tenant, new { secondFactorRoles = Administrators, secondFactorGraceDays = 0 });

        Assert.False((await app.Users.SignInAsync(person, headers: header)).Tokens().Claims.TryGetProperty("secondFactorDue", out _));
        Assert.True(
            (await app.Users.SignInAsync(tenant.Administrator.Email, headers: header))
                .Tokens()
                .Claims.TryGetProperty("secondFactorDue", out _)
        );
    }

    [Fact]
    public async Task Off_asks_nobody_and_a_factor_that_does_not_count_is_none()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        var person = await InAsync(tenant);
        await app.Users.AddTotpAsync((await app.Users.SignInAsync(person, headers: header)).Tokens());
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SignInAsync(person, headers: header)).Status);

        await SetAsync(tenant, new { secondFactors = (string[])["passkey"] });
        Assert.Equal(
            "identity.factor-not-allowed",
            (
                await app.Users.SendAsync(HttpMethod.Post, "/v1/me/totp", (await app.Users.SignInAsync(person, headers: header)).Tokens())
            ).Code
        );
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person, headers: header)).Status);
        await SetAsync(tenant, new { secondFactors = Totp });
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SignInAsync(person, headers: header)).Status);
        await SetAsync(tenant, new { secondFactor = "off" });
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person, headers: header)).Status);
    }

    [Fact]
    public async Task A_password_is_changed_by_the_second_factor_where_there_is_one()
    {
        var person = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        await app.ExecuteAsync(
            "update identity.sessions set authenticated_at = authenticated_at - interval '1 hour' where user_id = $1",
            person.UserId
        );
        const string Next = "another bridge over calm water";
        var stale = await app.Users.PostAsync(
            "/v1/me/password",
            new { currentPassword = TestUsers.Password, newPassword = Next },
            person.Tokens.Header
        );
        Assert.Equal((HttpStatusCode.Forbidden, "identity.reauthentication-required"), (stale.Status, stale.Code));

        var begun = await app.Users.PostAsync("/v1/me/reauthenticate", new { }, person.Tokens.Header);
        var challenge = begun.Body.GetProperty("challengeId").GetGuid();
        await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code(), person.Tokens.Header);
        var changed = await app.Users.PostAsync("/v1/me/password", new { newPassword = Next }, person.Tokens.Header);
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        await app.Users.ChallengedAsync(person.Email, Next);
    }

    [Fact]
    public async Task Settings_that_mean_nothing_are_rejected_together()
    {
        var tenant = await domains.TenantAsync();

        var answer = await PatchAsync(
            tenant,
            new
            {
                secondFactor = "sometimes",
                secondFactors = (string[])[],
                secondFactorGraceDays = 91,
            }
        );
        Assert.Equal(
            ["secondFactor: request.unknown-value", "secondFactors: request.unknown-value", "secondFactorGraceDays: request.out-of-range"],
            answer.Errors
        );
        Assert.Equal(
            ["secondFactorRoles: organizations.role-not-found"],
            (await PatchAsync(tenant, new { secondFactorRoles = Unknown })).Errors
        );
    }

    [Fact]
    public async Task A_remembered_device_spares_the_code_at_sign_in_and_nowhere_else_until_the_factors_change()
    {
        var person = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        var challenge = await app.Users.ChallengedAsync(person.Email);
        var remembered = await app.Users.PostAsync(
            $"/v1/challenges/{challenge}",
            new
            {
                factor = "totp",
                code = authenticator.Code(),
                rememberDevice = true,
            }
        );
        Assert.Equal(HttpStatusCode.Created, remembered.Status);
        var device = ("Gatehouse-Device", remembered.Device());

        var again = await app.Users.SignInAsync(person.Email, headers: device);
        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.Equal("aal1", again.Tokens().Claims.GetProperty("acr").GetString());
        Assert.Equal(
            "identity.reauthentication-required",
            (await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/totp", again.Tokens())).Code
        );
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SignInAsync(person.Email)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SignInAsync(person.Email, headers: ("Gatehouse-Device", person.Device))).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/totp", remembered.Tokens())).Status);
        await app.Users.AddTotpAsync(remembered.Tokens());
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SignInAsync(person.Email, headers: device)).Status);
    }

    [Fact]
    public async Task Beside_the_app_a_short_password_is_enough()
    {
        var person = await app.Users.SomebodyAsync();
        Assert.Equal(["password: identity.password-too-short"], (await ResetAsync(person, Short, letters: 2)).Errors);
        await app.Users.AddTotpAsync(person.Tokens);

        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(person, Short, letters: 4)).Status);

        await app.Users.ChallengedAsync(person.Email, Short);
        Assert.True(await app.ScalarAsync<bool>("select password_is_short from identity.users where id = $1", person.UserId));
    }

    [Theory]
    [InlineData("totp", "/v1/me/totp")]
    [InlineData("sms", "/v1/me/factors/sms")]
    [InlineData("sms", "/v1/me/phone")]
    [InlineData("passkey", PasskeyCalls.Path)]
    public async Task The_last_factor_beside_a_short_password_stays_until_a_longer_one_is_chosen(string factor, string path)
    {
        var person = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        IReadOnlyList<string> codes;
        if (factor == "totp")
        {
            codes = (await app.Users.AddTotpAsync(person.Tokens)).RecoveryCodes;
        }
        else if (factor == "sms")
        {
            codes = (await app.AddSmsAsync(person)).RecoveryCodes;
        }
        else
        {
            var added = await app.AddAsync(person, await app.CreationOptionsAsync(person), device);
            codes = [.. added.Body.GetProperty("recoveryCodes").EnumerateArray().Select(code => code.GetString()!)];
            path += "/" + added.Body.GetProperty("passkey").GetProperty("id").GetString();
        }

        await app.QuietAsync();
        var (reset, letter) = await app.ResetMailAsync(person.Email, person.Email, (await app.Users.LettersAsync(person.Email)).Count + 1);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(reset, letter.ResetCode, Short)).Status);
        var challenge = await app.Users.ChallengedAsync(person.Email, Short);
        var tokens = (await app.Users.AnswerChallengeAsync(challenge, "recovery-code", codes[0])).Tokens();

        var held = await app.Users.SendAsync(HttpMethod.Delete, path, tokens);
        Assert.Equal((HttpStatusCode.Conflict, "identity.password-too-short-alone"), (held.Status, held.Code));
        await app.Users.ChallengedAsync(person.Email, Short);

        await app.ExecuteAsync(
            "update identity.users set password_changed_at = password_changed_at - interval '24 hours' where id = $1",
            person.UserId
        );
        var changed = await app.Users.PostAsync("/v1/me/password", new { newPassword = Changing.NewPassword }, tokens.Header);
        Assert.True(changed.Status == HttpStatusCode.OK, changed.Text);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(HttpMethod.Delete, path, tokens)).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, Changing.NewPassword)).Status);
    }

    [Fact]
    public async Task The_last_passkey_stays_where_a_factor_is_required_until_there_is_another()
    {
        var tenant = await domains.TenantAsync();
        var person = await domains.SignUpAsync(("Gatehouse-Tenant", tenant.Name));
        using var device = new SoftwareAuthenticator();
        var path = $"{PasskeyCalls.Path}/{await app.AddedAsync(person, device)}";
        await SetAsync(tenant, new { secondFactor = "required", secondFactorGraceDays = 0 });

        var last = await app.DeleteAsync(path, person);
        Assert.Equal((HttpStatusCode.Conflict, "identity.factor-required"), (last.Status, last.Code));
        await app.Users.AddTotpAsync(person.Tokens);

        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync(path, person)).Status);
    }

    [Theory]
    [InlineData(29, HttpStatusCode.Created)]
    [InlineData(30, HttpStatusCode.OK)]
    public async Task A_device_whose_box_was_ticked_is_remembered_for_thirty_days(int days, HttpStatusCode status)
    {
        const string Page = "/sign-in/second-factor";
        var person = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        using var browser = new Browser(app);
        await browser.FillAsync("/sign-in", "/sign-in", ("identifier", person.Email), ("password", TestUsers.Password));
        var done = await browser.FillAsync(Page, Page, ("code", authenticator.Code()), ("rememberDevice", "true"));
        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (done.Status, done.Location()));

        await app.ExecuteAsync(
            "update identity.remembered_devices set expires_at = expires_at - make_interval(days => $2) where user_id = $1",
            person.UserId,
            days
        );

        Assert.Equal(status, (await browser.SignInAsync(person.Email)).Status);
    }

    [Fact]
    public async Task A_challenge_of_one_tenant_is_none_of_another()
    {
        var (tenant, other) = (await domains.TenantAsync(), await domains.TenantAsync());
        var own = ("Gatehouse-Tenant", tenant.Name);
        var person = await domains.SignUpAsync(own);
        var (authenticator, _) = await app.Users.AddTotpAsync(person.Tokens);
        var challenge = (await app.Users.SignInAsync(person.Email, headers: own)).Body.GetProperty("challengeId").GetGuid();

        foreach (var elsewhere in new[] { ("Gatehouse-Tenant", other.Name), ("Gatehouse-Tenant", "default") })
            Assert.Equal(
                "identity.challenge-not-found",
                (await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code(), elsewhere)).Code
            );
        Assert.Equal(HttpStatusCode.Created, (await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code(), own)).Status);
    }

    private async Task<Answer> ResetAsync(SignedIn person, string password, int letters)
    {
        var reset = await app.Users.PostAsync("/v1/password-resets", new { identifier = person.Email });
        var letter = await app.Users.LetterAsync(person.Email, letters);
        return await app.Users.PostAsync(
            $"/v1/password-resets/{reset.Body.GetProperty("resetId").GetGuid()}/complete",
            new { code = letter.ResetCode, password }
        );
    }

    private async Task<string> InAsync(DomainTenant tenant)
    {
        var email = TestUsers.NewEmail();
        var started = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(email), ("Gatehouse-Tenant", tenant.Name));
        var letter = await app.Users.LetterAsync(email);
        var verified = await app.Users.PostAsync(
            $"/v1/registrations/{started.RegistrationId}/verify",
            new { code = letter.Code },
            ("Gatehouse-Tenant", tenant.Name)
        );
        Assert.Equal(HttpStatusCode.Created, verified.Status);
        return email;
    }

    private async Task SetAsync(DomainTenant tenant, object settings) =>
        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(tenant, settings)).Status);

    private Task<Answer> PatchAsync(DomainTenant tenant, object settings) =>
        app.CallAsync(HttpMethod.Patch, $"/v1/tenants/{tenant.Id}/settings", tenant.Administrator, settings);
}
