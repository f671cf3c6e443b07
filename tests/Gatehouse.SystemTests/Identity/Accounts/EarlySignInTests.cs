using System.Net;
using System.Text.Json;
using Gatehouse.Identity.Accounts;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Files;

namespace Gatehouse.SystemTests.Identity.Accounts;

/// <summary>Roles whose users are signed in before they verify their address.</summary>
[Collection<MovedTime>]
public sealed class EarlySignInTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Who_registers_is_signed_in_at_once_without_a_role_and_has_it_once_verified()
    {
        var (id, role) = await RoleAsync();
        var email = TestUsers.NewEmail();
        var started = await StartAsync(email, role);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        var early = started.SignedIn(email);
        Assert.False(early.Tokens.Claims.GetProperty("emailVerified").GetBoolean());
        Assert.False(early.Tokens.Claims.TryGetProperty("roles", out _));
        var me = await app.Users.MeAsync(early.Tokens);
        Assert.Equal((HttpStatusCode.OK, false), (me.Status, me.Body.GetProperty("emailVerified").GetBoolean()));
        Assert.Equal(email, me.Body.GetProperty("email").GetString());
        Assert.Equal(0L, await EventsAsync(early.UserId, "user.registered.v1"));
        Assert.Equal(0L, await RolesAsync(early.UserId, id));

        // A refreshed token is no better.
        var refreshed = (await app.Users.RefreshAsync(early.Tokens.Refresh)).Tokens();
        Assert.False(refreshed.Claims.GetProperty("emailVerified").GetBoolean());

        var verified = await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(email)).Code);
        Assert.Equal(HttpStatusCode.Created, verified.Status);
        Assert.Equal(early.UserId, verified.SignedIn(email).UserId);
        Assert.True(verified.Body.GetProperty("user").GetProperty("emailVerified").GetBoolean());
        Assert.True(verified.Body.GetProperty("user").GetProperty("hasPassword").GetBoolean());
        Assert.False(verified.Tokens().Claims.TryGetProperty("emailVerified", out _));
        Assert.Equal(role, verified.Tokens().Claims.GetProperty("roles")[0].GetString());
        // So is the next token of the first session.
        var normal = (await app.Users.RefreshAsync(refreshed.Refresh)).Tokens();
        Assert.False(normal.Claims.TryGetProperty("emailVerified", out _));
        Assert.Equal(role, normal.Claims.GetProperty("roles")[0].GetString());
        Assert.Equal(
            (1L, 1L),
            (await EventsAsync(early.UserId, "user.registered.v1"), await EventsAsync(early.UserId, "user.verified.v1"))
        );
        Assert.Equal(1L, await RolesAsync(early.UserId, id));
        Assert.Equal(HttpStatusCode.Created, (await SignInAsync(email)).Status);
    }

    [Fact]
    public async Task A_known_address_gets_the_ordinary_answer()
    {
        var (_, role) = await RoleAsync();
        var known = await app.Users.SomebodyAsync();
        var answer = await StartAsync(known.Email, role);
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(
            ["registrationId", "channel", "maskedTarget", "expiresAt", "resendAfter", "verification"],
            answer.Body.EnumerateObject().Select(member => member.Name)
        );
        Assert.Contains("account", (await app.Users.LetterAsync(known.Email, 2)).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_takes_an_address_by_registering_with_it()
    {
        var (_, role) = await RoleAsync();
        var email = TestUsers.NewEmail();
        var squatter = await StartAsync(email, role);
        var early = squatter.SignedIn(email);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(email)).Status);

        // The owner registers as if nobody had, and the other one can do nothing with a code any more.
        var owner = await StartAsync(email, role);
        Assert.True(owner.Body.TryGetProperty("tokens", out _));
        var letters = await app.Users.LettersAsync(email);
        await TestApp.EventuallyAsync(async () => (letters = await app.Users.LettersAsync(email)).Count == 2, "both messages");
        var codes = letters.Select(letter => letter.Code).ToList();
        var verified = await VerifyAnyAsync(owner.RegistrationId, codes);
        Assert.Equal(HttpStatusCode.Created, verified.Status);
        var late = await VerifyAnyAsync(squatter.RegistrationId, codes);
        Assert.Equal((HttpStatusCode.Conflict, "identity.email-taken"), (late.Status, late.Code));
        Assert.False((await app.Users.MeAsync(early.Tokens)).Body.GetProperty("emailVerified").GetBoolean());
    }

    [Fact]
    public async Task The_link_of_the_mail_signs_out_whoever_registered_unless_it_is_the_same_person()
    {
        var (_, role) = await RoleAsync();
        var email = TestUsers.NewEmail();
        var early = (await StartAsync(email, role)).SignedIn(email);
        var confirmed = await app.Users.ConfirmAsync((await app.Users.LetterAsync(email)).LinkToken);
        Assert.Equal(HttpStatusCode.Created, confirmed.Status);
        Assert.False(confirmed.Body.GetProperty("user").GetProperty("hasPassword").GetBoolean());
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(early.Tokens)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.RefreshAsync(early.Tokens.Refresh)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(email)).Status);

        var other = TestUsers.NewEmail();
        var same = (await StartAsync(other, role)).SignedIn(other);
        var typed = await app.Users.ConfirmAsync((await app.Users.LetterAsync(other)).LinkToken, TestUsers.Password);
        Assert.Equal(HttpStatusCode.Created, typed.Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(same.Tokens)).Status);
    }

    [Fact]
    public async Task Whoever_registered_adds_no_second_factor_before_and_leaves_no_device_behind()
    {
        var (_, role) = await RoleAsync();
        var email = TestUsers.NewEmail();
        var early = (await StartAsync(email, role)).SignedIn(email);
        foreach (var path in new[] { "/v1/me/totp", "/v1/me/factors/sms" })
        {
            var refused = await app.Users.SendAsync(HttpMethod.Post, path, early.Tokens);
            Assert.Equal((HttpStatusCode.Forbidden, "identity.factor-verification-required"), (refused.Status, refused.Code));
        }

        // One that was added by a former version.
        await app.ExecuteAsync("update identity.users set second_factors = '{totp}' where id = $1", early.UserId);
        await app.Users.ConfirmAsync((await app.Users.LetterAsync(email)).LinkToken);

        Assert.True(
            await app.ScalarAsync<bool>(
                "select second_factors = '{}' and password_changed_at is not null from identity.users where id = $1",
                early.UserId
            )
        );
    }

    [Fact]
    public async Task Who_does_not_verify_in_time_is_removed_and_signed_out()
    {
        var (_, role) = await RoleAsync();
        var email = TestUsers.NewEmail();
        var early = (await StartAsync(email, role, ("username", "early-" + role))).SignedIn(email);
        await app.ExecuteAsync(
            """
            insert into identity.remembered_devices (tenant_id, user_id, device_id, expires_at)
            select tenant_id, id, id, now() from identity.users where id = $1
            """,
            early.UserId
        );
        byte[] content = [1, 2, 3];
        var upload = (await app.UploadUrlAsync(early, content.Length)).Body;
        var address = Photos.Local(upload.GetProperty("url").GetString()!);
        Assert.Equal(200, await Photos.UploadAsync(app.Http, upload, content, address));
        Assert.Equal(HttpStatusCode.OK, (await app.DownloadUrlsAsync(early, upload.GetProperty("key").GetString()!)).Status);
        app.Clock.Advance(TimeSpan.FromHours(23));
        await app.RunRecurringAsync<PurgeUnverified>();
        Assert.Equal(1L, await UsersAsync(early.UserId));
        Assert.Single(Photos.InFolder(early.UserId));

        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.RunRecurringAsync<PurgeUnverified>();
        Assert.Equal(0L, await UsersAsync(early.UserId));
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from identity.remembered_devices where user_id = $1", early.UserId));
        Assert.Equal(0L, await app.KeyScalarAsync<long>("select count(*) from keys.subject_keys where subject_id = $1", early.UserId));
        Assert.Empty(Photos.InFolder(early.UserId));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.RefreshAsync(early.Tokens.Refresh)).Status);
        Assert.Equal(1L, await EventsAsync(early.UserId, "session.revoked.v1"));
        // Address and username are free.
        Assert.True((await StartAsync(email, role, ("username", "early-" + role))).Body.TryGetProperty("tokens", out _));
    }

    [Fact]
    public async Task Others_do_not_know_the_user_before_the_address_is_verified()
    {
        var (id, role) = await RoleAsync();
        var admin = await app.TenantAdministratorAsync();
        var email = TestUsers.NewEmail();
        var early = (await StartAsync(email, role)).SignedIn(email);
        await app.AssertRejectedAsync(HttpStatusCode.NotFound, "organizations.user-not-found", HttpMethod.Put, early.RolePath(id), admin);
        var answer = await app.CallAsync(HttpMethod.Get, "/v1/roles", early);
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task An_answer_that_can_be_repeated_holds_no_tokens()
    {
        var (_, role) = await RoleAsync();
        var answer = await app.Users.PostAsync(
            "/v1/registrations",
            TestUsers.Registration(TestUsers.NewEmail(), ("role", role)),
            ("Idempotency-Key", "early-" + role)
        );
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.False(answer.Body.TryGetProperty("tokens", out _));
    }

    [Fact]
    public async Task Without_a_role_that_says_so_no_answer_holds_tokens()
    {
        var admin = await app.TenantAdministratorAsync();
        var (_, role) = await app.OpenRoleAsync(admin, new { state = "open" });
        var answer = await StartAsync(TestUsers.NewEmail(), role);
        Assert.False(answer.Body.TryGetProperty("tokens", out _));
        Assert.Equal(JsonValueKind.String, answer.Body.GetProperty("verification").ValueKind);
    }

    private async Task<(Guid Id, string Name)> RoleAsync() =>
        await app.OpenRoleAsync(await app.TenantAdministratorAsync(), new { state = "open", signInBeforeVerification = true });

    private Task<Answer> StartAsync(string email, string role, params (string Name, string Value)[] more) =>
        app.Users.PostAsync("/v1/registrations", TestUsers.Registration(email, [("role", role), .. more]));

    private Task<Answer> SignInAsync(string email) =>
        app.Users.PostAsync("/v1/sessions", new { identifier = email, password = TestUsers.Password });

    private async Task<Answer> VerifyAnyAsync(Guid registration, List<string> codes)
    {
        var answer = await app.Users.VerifyAsync(registration, codes[0]);
        return answer.Code == "identity.code-wrong" ? await app.Users.VerifyAsync(registration, codes[1]) : answer;
    }

    private Task<long> UsersAsync(Guid user) => app.ScalarAsync<long>("select count(*) from identity.users where id = $1", user);

    private Task<long> RolesAsync(Guid user, Guid role) =>
        app.ScalarAsync<long>("select count(*) from organizations.role_assignments where user_id = $1 and role_id = $2", user, role);

    private Task<long> EventsAsync(Guid user, string type) =>
        app.ScalarAsync<long>("select count(*) from runtime.events where key = $1 and type = $2", user, type);
}
