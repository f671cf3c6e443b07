using System.Net;
using System.Text;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Organizations.Domains;

namespace Gatehouse.SystemTests.Organizations.Settings;

/// <summary>What administrators of a tenant decide for it, in an installation with several.</summary>
public sealed class TenantSettingsTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private const string Modes =
        """
            "signInModes":["password","code"],"automaticRegistration":false,"signInPage":"combined","secondFactor":"optional",
            """
        + """
            "secondFactorRoles":[],"secondFactorGraceDays":7,"secondFactors":["passkey","totp","sms"],"emailChange":"30"}
            """;

    private const string Usual =
        """{"registration":"open","defaultLanguage":"en","identifiers":["email","phone"],"defaultRegion":null,"usernames":"chosen","""
        + Modes;

    private static readonly string[] Phone = ["phone"];
    private static readonly string[] Email = ["email"];

    private readonly TestApp app = domains.App;

    [Fact]
    public async Task A_closed_tenant_lets_nobody_register_and_its_administrators_still_create_users()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        var early = TestUsers.NewEmail();
        var begun = await StartAsync(early, header);
        Assert.Equal(HttpStatusCode.Accepted, begun.Status);
        var closed = await PatchAsync(tenant, new { registration = "closed" });
        Assert.Equal((HttpStatusCode.OK, "closed"), (closed.Status, closed.Body.GetProperty("registration").GetString()));

        var late = TestUsers.NewEmail();
        foreach (var email in new[] { late, "no address" })
        {
            var rejected = await StartAsync(email, header);
            Assert.Equal((HttpStatusCode.Forbidden, "identity.registration-closed"), (rejected.Status, rejected.Code));
        }

        // Those of the administrator and of who was early.
        Assert.Equal(
            2L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where tenant_id = $1 and action = 'registration.started'",
                tenant.Id
            )
        );
        Assert.Equal(HttpStatusCode.Accepted, (await StartAsync(TestUsers.NewEmail(), ("Gatehouse-Tenant", "default"))).Status);

        var code = (await app.Users.LetterAsync(early)).Code;
        var completed = await app.Users.PostAsync($"/v1/registrations/{begun.RegistrationId}/verify", new { code }, header);
        Assert.Equal(HttpStatusCode.Created, completed.Status);
        var created = await app.CallAsync(HttpMethod.Post, "/v1/users", tenant.Administrator, new { email = late, name = "Grace" });
        Assert.Equal(HttpStatusCode.Created, created.Status);

        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(tenant, new { registration = "open" })).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await StartAsync(TestUsers.NewEmail(), header)).Status);
    }

    [Fact]
    public async Task Pages_of_a_closed_tenant_say_so_and_lead_nobody_to_the_form()
    {
        var tenant = await domains.TenantAsync();
        using var browser = new Browser(app);
        browser.Set("Gatehouse-Tenant", tenant.Name);
        var form = await browser.GetAsync("/sign-up");
        foreach (var path in new[] { "/", "/sign-in" })
            Assert.Contains("href=\"/sign-up\"", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        await PatchAsync(tenant, new { registration = "closed" });

        var page = await browser.GetAsync("/sign-up?code=north");
        Assert.Contains("New accounts cannot be created here.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/sign-up\"", page.Text, StringComparison.Ordinal);
        foreach (var path in new[] { "/", "/sign-in" })
            Assert.DoesNotContain("/sign-up", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);

        // The form was open in a browser before.
        var sent = await browser.SendFormAsync(
            form,
            "/sign-up",
            ("name", "Ada"),
            ("email", TestUsers.NewEmail()),
            ("password", TestUsers.Password)
        );
        Assert.Equal(HttpStatusCode.Forbidden, sent.Status);
        Assert.Contains("New accounts cannot be created here.", sent.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/sign-up\"", sent.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "es")]
    [InlineData("fr", null, "es")]
    [InlineData("*", null, "es")]
    [InlineData("hi", null, "hi")]
    [InlineData(null, "en", "en")]
    [InlineData(null, "tlh", "es")]
    public async Task Who_names_no_known_language_is_answered_in_the_one_of_the_tenant(string? accepted, string? chosen, string language)
    {
        var tenant = await domains.TenantAsync();
        await PatchAsync(tenant, new { defaultLanguage = "es" });
        using var browser = new Browser(app);
        browser.Set("Gatehouse-Tenant", tenant.Name);
        browser.Set("Accept-Language", accepted);
        if (chosen is not null)
            browser.SetCookie("gatehouse-language", chosen);

        Assert.Contains($"<html lang=\"{language}\"", (await browser.GetAsync("/sign-in")).Text, StringComparison.Ordinal);
        var rejected = await browser.PostAsync("/v1/registrations", new { });
        Assert.Equal((HttpStatusCode.BadRequest, language), (rejected.Status, rejected.Header("Content-Language")));

        // What a mail is written in follows.
        var email = TestUsers.NewEmail();
        var started = await browser.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            }
        );
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        Assert.Equal(
            language,
            await app.ScalarAsync<string>(
                """
                select data::jsonb ->> 'language' from runtime.events
                 where type = 'notification.requested.v1' and tenant_id = $1 order by seq desc limit 1
                """,
                tenant.Id
            )
        );

        browser.Set("Gatehouse-Tenant", "default");
        Assert.Equal(
            language == "es" ? "en" : language,
            (await browser.PostAsync("/v1/registrations", new { })).Header("Content-Language")
        );
    }

    [Fact]
    public async Task A_tenant_registers_by_phone_alone_proposes_its_country_and_gives_usernames()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        var settings = new
        {
            identifiers = Phone,
            defaultRegion = "GB",
            usernames = "generated",
        };
        var changed = await PatchAsync(tenant, settings);
        Assert.Equal(
            """{"registration":"open","defaultLanguage":"en","identifiers":["phone"],"defaultRegion":"GB","usernames":"generated","""
                + Modes,
            changed.Text
        );

        Assert.Equal(["email: identity.contact-not-offered"], (await StartAsync(TestUsers.NewEmail(), header)).Errors);
        Assert.Equal(
            ["phoneNumber: request.required"],
            (await app.Users.PostAsync("/v1/registrations", new { name = "Ada", password = TestUsers.Password }, header)).Errors
        );
        var number = TestUsers.NewPhone();
        var started = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(number), header);
        var code = (await app.Users.LetterAsync(number)).Code;
        var user = await app.Users.PostAsync($"/v1/registrations/{started.RegistrationId}/verify", new { code }, header);
        Assert.Matches("^user-[a-z0-9]{10}$", user.Body.GetProperty("user").GetProperty("username").GetString());

        using var browser = new Browser(app);
        browser.Set("Gatehouse-Tenant", tenant.Name);
        var page = await browser.GetAsync("/sign-up");
        Assert.Contains("<option value=\"GB\" selected", page.Text, StringComparison.Ordinal);
        // It proposes one on forms; an API request says its own.
        Assert.Equal(
            ["phoneNumber: identity.phone-number-without-country"],
            (await app.Users.PostAsync("/v1/registrations", TestUsers.Registration("07400 123456"), header)).Errors
        );
        Assert.DoesNotContain("name=\"email\"", page.Text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(tenant, new { identifiers = Email, defaultRegion = "" })).Status);
        Assert.Equal(
            ["phoneNumber: identity.contact-not-offered"],
            (await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(TestUsers.NewPhone()), header)).Errors
        );
        Assert.DoesNotContain("name=\"region\"", (await browser.GetAsync("/sign-up")).Text, StringComparison.Ordinal);
        // Who has an account keeps its way in.
        var credentials = new { identifier = number, password = TestUsers.Password };
        Assert.Equal(HttpStatusCode.Created, (await app.Users.PostAsync("/v1/sessions", credentials, header)).Status);
    }

    [Fact]
    public async Task Of_two_changes_of_what_was_read_the_second_is_rejected_and_the_first_is_recorded_once()
    {
        var tenant = await domains.TenantAsync();
        var read = await app.CallAsync(HttpMethod.Get, PathOf(tenant), tenant.Administrator);
        Assert.Equal(Usual, read.Text);
        var tag = ("If-Match", read.Header("ETag"));

        var changed = await PatchAsync(tenant, new { registration = "closed", defaultLanguage = "hi" }, tag);
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal(
            read.Text.Replace("open", "closed", StringComparison.Ordinal).Replace("\"en\"", "\"hi\"", StringComparison.Ordinal),
            changed.Text
        );
        var second = await PatchAsync(tenant, new { registration = "open" }, tag);
        Assert.Equal((HttpStatusCode.PreconditionFailed, "request.precondition-failed"), (second.Status, second.Code));

        // What changes nothing is no change, and a change of one leaves the other.
        var same = await PatchAsync(tenant, new { defaultLanguage = "hi" }, ("If-Match", changed.Header("ETag")));
        Assert.Equal((HttpStatusCode.OK, changed.Header("ETag")), (same.Status, same.Header("ETag")));
        Assert.Equal(changed.Text, (await app.CallAsync(HttpMethod.Get, PathOf(tenant), tenant.Administrator)).Text);
        Assert.Equal(
            "closed hi",
            await app.ScalarAsync<string>(
                """
                select string_agg(data::jsonb ->> 'registration' || ' ' || (data::jsonb ->> 'defaultLanguage'), ', ')
                  from runtime.events where type = 'tenant.settings-changed.v1' and key = $1
                """,
                tenant.Id
            )
        );
        Assert.Equal(
            tenant.Administrator.UserId,
            await app.ScalarAsync<Guid>(
                "select actor from audit.records where tenant_id = $1 and action = 'tenant.settings-changed'",
                tenant.Id
            )
        );
    }

    [Fact]
    public async Task Settings_of_another_tenant_are_not_found_except_by_a_platform_administrator_with_the_header()
    {
        var (one, other) = (await domains.TenantAsync(), await domains.TenantAsync());
        foreach (var by in new[] { other.Administrator, domains.Platform })
        {
            var read = await app.CallAsync(HttpMethod.Get, PathOf(one), by);
            Assert.Equal((HttpStatusCode.NotFound, "organizations.tenant-not-found"), (read.Status, read.Code));
            var written = await app.CallAsync(HttpMethod.Patch, PathOf(one), by, new { registration = "closed" });
            Assert.Equal((HttpStatusCode.NotFound, "organizations.tenant-not-found"), (written.Status, written.Code));
        }

        var header = ("Gatehouse-Tenant", one.Name);
        var changed = await app.CallAsync(HttpMethod.Patch, PathOf(one), domains.Platform, new { defaultLanguage = "es" }, header);
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal(
            domains.Platform.UserId,
            await app.ScalarAsync<Guid>(
                """
                select actor from audit.records
                 where tenant_id = $1 and action = 'tenant.settings-changed' and facts::text like '%homeTenant%'
                """,
                one.Id
            )
        );
        var user = await domains.SignUpAsync(header);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Patch })
            Assert.Equal(
                HttpStatusCode.Forbidden,
                (await app.CallAsync(method, PathOf(one), user, method == HttpMethod.Get ? null : new { })).Status
            );
    }

    [Theory]
    [InlineData("""{"registration":"half"}""", "registration: request.unknown-value")]
    [InlineData("""{"registration":"Closed"}""", "registration: request.unknown-value")]
    [InlineData("""{"registration":true}""", "registration: request.wrong-type")]
    [InlineData("""{"registration":"closed","defaultLanguage":"fr"}""", "defaultLanguage: request.unknown-value")]
    [InlineData("""{"defaultLanguage":"es-MX"}""", "defaultLanguage: request.unknown-value")]
    [InlineData("""{"defaultLanguage":["es"]}""", "defaultLanguage: request.wrong-type")]
    [InlineData("""{"identifiers":[]}""", "identifiers: request.unknown-value")]
    [InlineData("""{"identifiers":["email","username"]}""", "identifiers: request.unknown-value")]
    [InlineData("""{"defaultRegion":"XX"}""", "defaultRegion: identity.region-unknown")]
    [InlineData("""{"defaultRegion":"gb"}""", "defaultRegion: identity.region-unknown")]
    [InlineData("""{"usernames":"random"}""", "usernames: request.unknown-value")]
    [InlineData("""{"registration":"closed","displayName":"Acme"}""", "displayName: request.unknown-member")]
    [InlineData(
        """{"registration":"half","defaultLanguage":"\u0000"}""",
        "defaultLanguage: request.control-character, registration: request.unknown-value"
    )]
    public async Task Settings_that_are_none_are_rejected_and_change_nothing(string body, string errors)
    {
        var tenant = await domains.TenantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Patch, PathOf(tenant));
        var (name, value) = tenant.Administrator.Tokens.Header;
        request.Headers.Add(name, value);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        var rejected = await app.Users.SendAsync(request);
        Assert.Equal((HttpStatusCode.BadRequest, errors), (rejected.Status, string.Join(", ", rejected.Errors)));
        Assert.Equal(Usual, (await app.CallAsync(HttpMethod.Get, PathOf(tenant), tenant.Administrator)).Text);
    }

    private static string PathOf(DomainTenant tenant) => $"/v1/tenants/{tenant.Id}/settings";

    private Task<Answer> PatchAsync(DomainTenant tenant, object body, params (string Name, string Value)[] headers) =>
        app.CallAsync(HttpMethod.Patch, PathOf(tenant), tenant.Administrator, body, headers);

    private Task<Answer> StartAsync(string email, (string Name, string Value) header) =>
        app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            },
            header
        );
}
