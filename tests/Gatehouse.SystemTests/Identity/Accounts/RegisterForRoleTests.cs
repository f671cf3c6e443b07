using System.Globalization;
using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

/// <summary>Registering for a role: who may, what it asks for, and what the new user has.</summary>
public sealed class RegisterForRoleTests(RunningApp running)
{
    private static readonly string[] Everything = ["username", "givenName", "familyName", "birthDate"];
    private static readonly string[] ByEmail = ["email"];
    private static readonly string[] ByPhone = ["phoneNumber"];

    private readonly TestApp app = running.App;

    private DateOnly Today => DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task Who_registers_for_a_role_has_it_with_the_account()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, role) = await app.OpenRoleAsync(
            admin,
            new
            {
                state = "open",
                requiredFields = Everything,
                minimumAge = 18,
            }
        );
        var email = TestUsers.NewEmail();

        var started = await app.Users.PostAsync(
            "/v1/registrations",
            TestUsers.Registration(
                email,
                ("role", role),
                ("username", "ada-" + role),
                ("givenName", "Ada"),
                ("familyName", "Byron"),
                ("birthDate", "1999-02-28")
            )
        );
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        Assert.Equal("code", started.Body.GetProperty("verification").GetString());
        var verified = await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(email)).Code);

        Assert.Equal(HttpStatusCode.Created, verified.Status);
        var user = verified.Body.GetProperty("user");
        Assert.Equal("Ada", user.GetProperty("givenName").GetString());
        Assert.Equal("Byron", user.GetProperty("familyName").GetString());
        Assert.Equal("1999-02-28", user.GetProperty("birthDate").GetString());
        // The first token says it already.
        Assert.Equal(role, verified.SignedIn(email).Tokens.Claims.GetProperty("roles")[0].GetString());
        var userId = user.GetProperty("id").GetGuid();
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                "select count(*) from organizations.role_assignments where user_id = $1 and role_id = $2 and assigned_by = $1",
                userId,
                id
            )
        );
        Assert.Equal(
            $"[\"{role}\"]",
            await app.ScalarAsync<string>(
                "select data::jsonb ->> 'roles' from runtime.events where key = $1 and type = 'user.registered.v1'",
                userId
            )
        );
        await app.QuietAsync();
        Assert.Equal([role], await app.ScalarAsync<string[]>("select roles from identity.memberships where user_id = $1", userId));
    }

    [Fact]
    public async Task A_role_that_is_not_open_is_one_rejection_whatever_the_reason()
    {
        var admin = await app.TenantAdministratorAsync();
        var (_, closed) = await app.PlainRoleAsync(admin);
        foreach (
            var role in new[]
            {
                closed,
                "tenant-administrator",
                "platform-administrator",
                "organization-administrator",
                "made-up",
                "%",
                "A' or 1=1",
            }
        )
        {
            var answer = await StartAsync(TestUsers.NewEmail(), ("role", role));
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Equal(["role: identity.role-not-open"], answer.Errors);
        }

        Assert.Equal(["role: request.too-long"], (await StartAsync(TestUsers.NewEmail(), ("role", new string('a', 65)))).Errors);
        Assert.Equal(["role: request.control-character"], (await StartAsync(TestUsers.NewEmail(), ("role", "a\nb"))).Errors);
    }

    [Fact]
    public async Task Rejections_name_each_field_that_the_role_requires()
    {
        var admin = await app.TenantAdministratorAsync();
        var (_, role) = await app.OpenRoleAsync(admin, new { state = "open", requiredFields = Everything });
        Assert.Equal(
            ["username: request.required", "givenName: request.required", "familyName: request.required", "birthDate: request.required"],
            (await StartAsync(TestUsers.NewEmail(), ("role", role), ("givenName", "  "))).Errors
        );

        var (_, mail) = await app.OpenRoleAsync(admin, new { state = "open", requiredFields = ByEmail });
        Assert.Equal(["phoneNumber: identity.contact-not-offered"], (await StartAsync(TestUsers.NewPhone(), ("role", mail))).Errors);
        var (_, phone) = await app.OpenRoleAsync(admin, new { state = "open", requiredFields = ByPhone });
        Assert.Equal(["email: identity.contact-not-offered"], (await StartAsync(TestUsers.NewEmail(), ("role", phone))).Errors);
        Assert.Equal(HttpStatusCode.Accepted, (await StartAsync(TestUsers.NewPhone(), ("role", phone))).Status);
    }

    [Fact]
    public async Task The_minimum_age_counts_to_the_day()
    {
        var admin = await app.TenantAdministratorAsync();
        var (_, role) = await app.OpenRoleAsync(admin, new { state = "open", minimumAge = 18 });
        foreach (
            var (born, error) in new[]
            {
                (Text(Today.AddYears(-18).AddDays(1)), "identity.below-minimum-age"),
                (Text(Today), "identity.below-minimum-age"),
                (Text(Today.AddDays(1)), "identity.birth-date-invalid"),
                (Text(Today.AddYears(-121).AddDays(-1)), "identity.birth-date-invalid"),
                ("1999-02-29", "identity.birth-date-invalid"),
                ("29.02.2000", "identity.birth-date-invalid"),
                ("", "request.required"),
            }
        )
            Assert.Equal(["birthDate: " + error], (await StartAsync(TestUsers.NewEmail(), ("role", role), ("birthDate", born))).Errors);
        foreach (var born in new[] { Text(Today.AddYears(-18)), "2000-02-29" })
            Assert.Equal(HttpStatusCode.Accepted, (await StartAsync(TestUsers.NewEmail(), ("role", role), ("birthDate", born))).Status);
    }

    [Fact]
    public async Task The_minimum_age_counts_for_later_changes_by_whomever()
    {
        var admin = await app.TenantAdministratorAsync();
        var (_, role) = await app.OpenRoleAsync(admin, new { state = "open", minimumAge = 18 });
        var user = await RegisteredAsync(role, ("birthDate", "2000-02-29"));
        foreach (var (path, by) in new[] { ("/v1/me", user), ($"/v1/users/{user.UserId}", admin) })
        {
            foreach (
                var (born, error) in new[]
                {
                    (Text(Today.AddYears(-18).AddDays(1)), "identity.below-minimum-age"),
                    (Text(Today.AddDays(1)), "identity.birth-date-invalid"),
                    ("2001-02-29", "identity.birth-date-invalid"),
                    ("", "request.required"),
                }
            )
                Assert.Equal(["birthDate: " + error], (await app.CallAsync(HttpMethod.Patch, path, by, new { birthDate = born })).Errors);
            await app.AssertDoneAsync(HttpMethod.Patch, path, by, new { about = "By " + path });
            await app.AssertDoneAsync(HttpMethod.Patch, path, by, new { birthDate = Text(Today.AddYears(-18)) });
            await app.AssertDoneAsync(HttpMethod.Patch, path, by, new { birthDate = "2000-02-29" });
        }

        // Without such a role there is no minimum.
        var free = await app.Users.SomebodyAsync();
        await app.AssertDoneAsync(HttpMethod.Patch, "/v1/me", free, new { birthDate = Text(Today) });
        await app.AssertDoneAsync(HttpMethod.Patch, "/v1/me", free, new { birthDate = "" });
    }

    [Fact]
    public async Task A_role_that_was_closed_after_the_start_is_not_given_any_more()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, role) = await app.OpenRoleAsync(admin, new { state = "open" });
        var email = TestUsers.NewEmail();
        var started = await StartAsync(email, ("role", role));
        var letter = await app.Users.LetterAsync(email);
        await app.AssertDoneAsync(HttpMethod.Put, RolesToRegister.PathOf(id), admin, new { state = "closed" });

        var rejected = await app.Users.VerifyAsync(started.RegistrationId, letter.Code);
        Assert.Equal((HttpStatusCode.Conflict, "identity.role-not-open"), (rejected.Status, rejected.Code));
        Assert.Equal("identity.role-not-open", (await app.Users.ConfirmAsync(letter.LinkToken)).Code);

        // Open again, the same code is still good.
        await app.AssertDoneAsync(HttpMethod.Put, RolesToRegister.PathOf(id), admin, new { state = "open" });
        Assert.Equal(HttpStatusCode.Created, (await app.Users.VerifyAsync(started.RegistrationId, letter.Code)).Status);
    }

    [Fact]
    public async Task Privileges_that_came_into_an_open_role_behind_its_back_close_it()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, role) = await app.OpenRoleAsync(admin, new { state = "open" });
        await app.ExecuteAsync("update organizations.roles set permissions = '{users:write}' where id = $1", id);
        Assert.Equal(["role: identity.role-not-open"], (await StartAsync(TestUsers.NewEmail(), ("role", role))).Errors);
    }

    [Fact]
    public async Task A_role_may_have_the_mail_lead_with_the_link_and_a_line_of_its_own()
    {
        var admin = await app.TenantAdministratorAsync();
        var (_, role) = await app.OpenRoleAsync(
            admin,
            new
            {
                state = "open",
                verification = "link",
                introduction = new { en = "Thank you for <delivering> with us.", es = "Gracias por repartir." },
            }
        );
        var email = TestUsers.NewEmail();
        var started = await StartAsync(email, ("role", role));
        Assert.Equal("link", started.Body.GetProperty("verification").GetString());
        var letter = await app.Users.LetterAsync(email);
        Assert.Equal("Confirm your e-mail address for Gatehouse", letter.Subject);
        Assert.Contains("Thank you for <delivering> with us.", letter.Text, StringComparison.Ordinal);
        Assert.Contains("Thank you for &lt;delivering&gt; with us.", letter.Html, StringComparison.Ordinal);
        Assert.True(
            letter.Text.IndexOf(letter.LinkToken, StringComparison.Ordinal) < letter.Text.IndexOf(letter.Code, StringComparison.Ordinal)
        );
        var confirmed = await app.Users.ConfirmAsync(letter.LinkToken, TestUsers.Password);
        Assert.Equal(HttpStatusCode.Created, confirmed.Status);
        Assert.Equal(role, confirmed.SignedIn(email).Tokens.Claims.GetProperty("roles")[0].GetString());

        // A number gets a code, whatever the role says.
        var phone = TestUsers.NewPhone();
        var sms = await StartAsync(phone, ("role", role));
        Assert.Equal("code", sms.Body.GetProperty("verification").GetString());
        Assert.Equal(
            HttpStatusCode.Created,
            (await app.Users.VerifyAsync(sms.RegistrationId, (await app.Users.LetterAsync(phone)).Code)).Status
        );
    }

    [Fact]
    public async Task A_line_of_the_role_stands_in_the_mail_with_a_code_in_its_language_only()
    {
        var admin = await app.TenantAdministratorAsync();
        var (_, role) = await app.OpenRoleAsync(admin, new { state = "open", introduction = new { es = "Gracias por repartir." } });
        foreach (var (language, isThere) in new[] { ("es", true), ("en", false), ("hi", false) })
        {
            var email = TestUsers.NewEmail();
            await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(email, ("role", role)), ("Accept-Language", language));
            var letter = await app.Users.LetterAsync(email);
            Assert.Equal(isThere, letter.Text.Contains("Gracias por repartir.", StringComparison.Ordinal));
            Assert.Contains(letter.Code, letter.Subject, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_answer_for_a_known_address_is_the_same_and_the_role_is_not_given()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, role) = await app.OpenRoleAsync(admin, new { state = "open", verification = "link" });
        var known = await app.Users.SomebodyAsync();
        var first = await StartAsync(TestUsers.NewEmail(), ("role", role));
        var second = await StartAsync(known.Email, ("role", role));
        Assert.Equal(
            first.Body.EnumerateObject().Select(member => member.Name),
            second.Body.EnumerateObject().Select(member => member.Name)
        );
        Assert.Contains("account", (await app.Users.LetterAsync(known.Email, 2)).Subject, StringComparison.Ordinal);
        Assert.Equal(
            0L,
            await app.ScalarAsync<long>(
                "select count(*) from organizations.role_assignments where user_id = $1 and role_id = $2",
                known.UserId,
                id
            )
        );
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private Task<Answer> StartAsync(string contact, params (string Name, string Value)[] more) =>
        app.Users.PostAsync("/v1/registrations", TestUsers.Registration(contact, more));

    private async Task<SignedIn> RegisteredAsync(string role, params (string Name, string Value)[] more)
    {
        var email = TestUsers.NewEmail();
        var started = await StartAsync(email, [("role", role), .. more]);
        var verified = await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(email)).Code);
        Assert.Equal(HttpStatusCode.Created, verified.Status);
        return verified.SignedIn(email);
    }
}
