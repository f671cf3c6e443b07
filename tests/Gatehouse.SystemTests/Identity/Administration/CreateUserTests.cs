using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Administration;

/// <summary>Creating users, and taking passwords away.</summary>
public sealed class CreateUserTests(RunningApp running)
{
    private const string NewPassword = "forty lanterns over the lake";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_new_user_chooses_a_password_by_the_link_of_the_mail()
    {
        var admin = await app.TenantAdministratorAsync();
        var email = TestUsers.NewEmail();
        var created = await app.PostAsync(
            "/v1/users",
            new
            {
                email,
                name = "Grace",
                preferredLanguage = "es",
            },
            admin
        );
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.False(created.Body.GetProperty("hasPassword").GetBoolean());
        Assert.True(created.Body.GetProperty("emailVerified").GetBoolean());
        var id = AdministeredUsers.Id(created.Body);
        Assert.Equal(created.Header("ETag"), (await app.GetAsync($"/v1/users/{id}", admin)).Header("ETag"));

        var letter = await app.Users.LetterAsync(email);
        Assert.StartsWith("Tu cuenta", letter.Subject, StringComparison.Ordinal);
        await SetPasswordAsync(letter);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email, NewPassword)).Status);
        Assert.Equal(
            "administrator administrator",
            await app.ScalarAsync<string>(
                """
                select string_agg(coalesce(data::jsonb ->> 'origin', data::jsonb ->> 'method'), ' ')
                  from runtime.events where key = $1 and type in ('user.registered.v1', 'user.verified.v1')
                """,
                id
            )
        );
        Assert.Equal(
            admin.UserId,
            await app.ScalarAsync<Guid>("select actor from audit.records where subject = $1 and action = 'user.created'", id)
        );
    }

    [Fact]
    public async Task Without_mail_nothing_is_sent_and_a_given_password_signs_in()
    {
        var admin = await app.TenantAdministratorAsync();
        var email = TestUsers.NewEmail();
        var body = new
        {
            email,
            name = "Grace",
            password = NewPassword,
            sendEmail = false,
        };
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync("/v1/users", body, admin)).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email, NewPassword)).Status);
        await app.QuietAsync();
        Assert.Empty(await app.Users.LettersAsync(email));
    }

    [Fact]
    public async Task A_new_user_may_have_a_phone_number_instead_of_an_address()
    {
        var admin = await app.TenantAdministratorAsync();
        var number = TestUsers.NewPhone();
        var body = new
        {
            phoneNumber = "0" + number[3..],
            region = "GB",
            name = "Grace",
        };
        var created = await app.PostAsync("/v1/users", body, admin);
        Assert.True(created.Status == HttpStatusCode.Created, created.Text);
        Assert.Equal(number, created.Body.GetProperty("phoneNumber").GetString());
        Assert.True(created.Body.GetProperty("phoneNumberVerified").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, created.Body.GetProperty("email").ValueKind);
        Assert.StartsWith("A Gatehouse account was created for you", (await app.Users.LetterAsync(number)).Text, StringComparison.Ordinal);

        await app.PostAsync("/v1/users", new { phoneNumber = number, name = "Eve" }, admin)
            .RejectedAsync(HttpStatusCode.Conflict, "identity.phone-number-taken");
        await ErrorsAsync(new { phoneNumber = body.phoneNumber, name = "Eve" }, "phoneNumber: identity.phone-number-without-country");
        var both = new
        {
            phoneNumber = number,
            email = TestUsers.NewEmail(),
            name = "Eve",
        };
        await ErrorsAsync(both, "phoneNumber: identity.one-contact-only");
        await ErrorsAsync(new { name = "Eve" }, "email: request.required");

        async Task ErrorsAsync(object wrong, string error) =>
            Assert.Equal([error], (await app.PostAsync("/v1/users", wrong, admin)).Errors);
    }

    [Fact]
    public async Task What_cannot_be_created_is_rejected_and_nothing_is_sent()
    {
        var admin = await app.TenantAdministratorAsync();
        var username = "sam-" + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N")[^8..];
        var known = await app.Users.SomebodyAsync(username);
        await CreateAsync(new { email = known.Email, name = "Eve" }).RejectedAsync(HttpStatusCode.Conflict, "identity.email-taken");
        var email = TestUsers.NewEmail();
        await CreateAsync(
                new
                {
                    email,
                    name = "Eve",
                    username,
                }
            )
            .RejectedAsync(HttpStatusCode.Conflict, "identity.username-taken");
        var wrong = await CreateAsync(
            new
            {
                email = "eve",
                name = "",
                username = "a b",
                password = "short",
                preferredLanguage = "xx",
                sendEmail = "yes",
                roles = "tenant-administrator",
            }
        );
        Assert.Equal(
            [
                "email: identity.email-invalid",
                "name: request.required",
                "password: identity.password-too-short",
                "preferredLanguage: request.unknown-value",
                "roles: request.unknown-member",
                "sendEmail: request.wrong-type",
                "username: identity.username-invalid",
            ],
            wrong.Errors.Order(StringComparer.Ordinal)
        );
        await app.QuietAsync();
        Assert.Empty(await app.Users.LettersAsync(email));

        Task<Answer> CreateAsync(object body) => app.PostAsync("/v1/users", body, admin);
    }

    [Fact]
    public async Task Creating_users_needs_the_permission_in_the_whole_tenant()
    {
        var admin = await app.TenantAdministratorAsync();
        var (organization, head) = (await app.OrganizationAsync(), await app.Users.SomebodyAsync());
        await app.MakeOrganizationAdministratorAsync(head, organization, admin);
        foreach (var by in new[] { head, await app.Users.SomebodyAsync() })
            await app.PostAsync("/v1/users", new { email = TestUsers.NewEmail(), name = "Eve" }, by)
                .RejectedAsync(HttpStatusCode.Forbidden, "request.forbidden");
    }

    [Fact]
    public async Task The_same_address_at_the_same_time_becomes_one_user()
    {
        var admin = await app.TenantAdministratorAsync();
        var email = TestUsers.NewEmail();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => app.PostAsync("/v1/users", new { email, name = "Grace" }, admin))
        );
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(3, answers.Count(a => a.Code == "identity.email-taken"));
        await app.QuietAsync();
        Assert.Single(await app.Users.LettersAsync(email));
    }

    [Fact]
    public async Task A_forced_reset_signs_out_and_no_password_signs_in_until_a_new_one_is_chosen()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        await app.Users.PostAsync("/v1/password-resets", new { identifier = user.Email });
        var begunBefore = await app.Users.LetterAsync(user.Email, 2);

        var forced = await app.PostAsync($"/v1/users/{user.UserId}/password-reset", body: null, admin);
        Assert.Equal(HttpStatusCode.OK, forced.Status);
        Assert.True(forced.Body.GetProperty("mailRequested").GetBoolean());
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(user.Tokens)).Status);
        await app.Users.SignInAsync(user.Email).RejectedAsync(HttpStatusCode.Unauthorized, "identity.invalid-credentials");
        await CompleteAsync(begunBefore).RejectedAsync(HttpStatusCode.Conflict, "identity.reset-superseded");

        await SetPasswordAsync(await app.Users.LetterAsync(user.Email, 3));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(user.Email, NewPassword)).Status);
        Assert.Equal(
            "removed, reset",
            await app.ScalarAsync<string>(
                """
                select string_agg(data::jsonb ->> 'reason', ', ' order by subject_version)
                  from runtime.events where key = $1 and type = 'credential.changed.v1'
                """,
                user.UserId
            )
        );
    }

    [Fact]
    public async Task A_disabled_user_gets_no_mail_of_a_forced_reset_and_nobody_resets_whoever_may_do_more()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        await app.PostAsync($"/v1/users/{user.UserId}/disable", body: null, admin).DoneAsync();
        var forced = await app.PostAsync($"/v1/users/{user.UserId}/password-reset", body: null, admin);
        Assert.False(forced.Body.GetProperty("mailRequested").GetBoolean());
        await app.QuietAsync();
        Assert.Single(await app.Users.LettersAsync(user.Email));

        var platform = await app.PlatformAdministratorAsync();
        await app.PostAsync($"/v1/users/{platform.UserId}/password-reset", body: null, admin)
            .RejectedAsync(HttpStatusCode.Forbidden, "identity.exceeds-own-access");
        await app.PostAsync($"/v1/users/{Guid.CreateVersion7(app.Clock.GetUtcNow())}/password-reset", body: null, admin)
            .RejectedAsync(HttpStatusCode.NotFound, "identity.user-not-found");
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(platform.Email)).Status);
    }

    private async Task SetPasswordAsync(Letter letter) => await CompleteAsync(letter).DoneAsync();

    private Task<Answer> CompleteAsync(Letter letter)
    {
        var id = System.Text.RegularExpressions.Regex.Match(letter.Text, @"id=([\w-]+)").Groups[1].Value;
        return app.Users.PostAsync($"/v1/password-resets/{id}/complete", new { token = letter.LinkToken, password = NewPassword });
    }
}
