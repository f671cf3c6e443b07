using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Organizations.Domains;

namespace Gatehouse.SystemTests.Identity.SignInCodes;

/// <summary>What signs users of a tenant in, and whether a code makes an account, is for its administrators to say.</summary>
public sealed class SignInModeTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private static readonly string[] Password = ["password"];
    private static readonly string[] Code = ["code"];
    private static readonly string[] Phone = ["phone"];

    private readonly TestApp app = domains.App;

    [Fact]
    public async Task A_way_that_is_off_is_rejected_for_everybody_alike_before_anything_is_looked_at()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        var begun = await app.Users.AskSignInCodeAsync(tenant.Administrator.Email, header);
        var letter = await app.Users.LetterAsync(tenant.Administrator.Email, 2);
        await SetAsync(tenant, new { signInModes = Password });

        foreach (
            var answer in new[]
            {
                await app.Users.AskSignInCodeAsync(tenant.Administrator.Email, header),
                await app.Users.AskSignInCodeAsync(TestUsers.NewEmail(), header),
                await app.Users.AskSignInCodeAsync("", header),
                await app.Users.SignInByCodeAsync(begun.SignInCodeId(), letter.Code, header),
                await app.Users.SignInByLinkAsync(letter.LinkToken, header),
                await app.Users.PostAsync($"/v1/sign-in-codes/{begun.SignInCodeId()}/resend", body: null, header),
            }
        )
            Assert.Equal((HttpStatusCode.Forbidden, "identity.sign-in-mode-off"), (answer.Status, answer.Code));

        await SetAsync(tenant, new { signInModes = Code });
        foreach (var (identifier, password) in new[] { (tenant.Administrator.Email, TestUsers.Password), ("nobody", "x"), ("", "") })
        {
            var answer = await app.Users.PostAsync("/v1/sessions", new { identifier, password }, header);
            Assert.Equal((HttpStatusCode.Forbidden, "identity.sign-in-mode-off"), (answer.Status, answer.Code));
        }

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInByCodeAsync(begun.SignInCodeId(), letter.Code, header)).Status);
    }

    [Theory]
    [InlineData("email", "code")]
    [InlineData("email", "link")]
    [InlineData("phone", "code")]
    public async Task A_code_makes_an_account_where_the_tenant_says_so_once_the_name_is_given(string kind, string way)
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        await SetAsync(tenant, new { automaticRegistration = true, usernames = "generated" });
        var contact = kind == "email" ? TestUsers.NewEmail() : TestUsers.NewPhone();
        var asked = await app.Users.AskSignInCodeAsync(contact, header);
        var letter = await app.Users.LetterAsync(contact);

        var nameless = await ProveAsync("");
        Assert.Equal((HttpStatusCode.BadRequest, "name: request.required"), (nameless.Status, string.Join(", ", nameless.Errors)));
        Assert.Equal("name: identity.name-invalid", string.Join(", ", (await ProveAsync(",\"name\":\"\u2800\"")).Errors));
        var created = await ProveAsync(",\"name\":\"Ada\"");

        Assert.Equal(HttpStatusCode.Created, created.Status);
        var user = created.Body.GetProperty("user");
        Assert.Equal("Ada", user.GetProperty("name").GetString());
        Assert.Equal(contact, user.GetProperty(kind == "email" ? "email" : "phoneNumber").GetString());
        Assert.True(user.GetProperty(kind == "email" ? "emailVerified" : "phoneNumberVerified").GetBoolean());
        Assert.StartsWith("user-", user.GetProperty("username").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(created.Tokens())).Status);
        Assert.Equal("identity.sign-in-code-completed", (await ProveAsync(",\"name\":\"Ada\"")).Code);

        // From now on the account is there, and no name is asked for.
        var again = await app.Users.AskSignInCodeAsync(contact, header);
        var next = await app.Users.LetterAsync(contact, 2);
        var signedIn = await app.Users.SignInByCodeAsync(again.SignInCodeId(), next.Code, header);
        Assert.Equal(user.GetProperty("id").GetGuid(), signedIn.Body.GetProperty("user").GetProperty("id").GetGuid());

        Task<Answer> ProveAsync(string more) =>
            way == "code"
                ? SendAsync($"/v1/sign-in-codes/{asked.SignInCodeId()}/verify", $"{{\"code\":\"{letter.Code}\"{more}}}", tenant.Name)
                : SendAsync("/v1/sign-in-codes/confirm", $"{{\"token\":\"{letter.LinkToken}\"{more}}}", tenant.Name);
    }

    [Fact]
    public async Task No_account_is_made_by_default_nor_where_registration_or_the_kind_is_closed()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        var email = TestUsers.NewEmail();

        foreach (
            var settings in new object[]
            {
                new { automaticRegistration = false },
                new { automaticRegistration = true, registration = "closed" },
                new { registration = "open", identifiers = Phone },
            }
        )
        {
            await SetAsync(tenant, settings);
            Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskSignInCodeAsync(email, header)).Status);
            Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskSignInCodeAsync("nobody-at-all", header)).Status);
            await app.QuietAsync();
        }

        Assert.Empty(await app.Users.LettersAsync(email));
    }

    [Fact]
    public async Task Registration_that_is_closed_meanwhile_makes_no_account()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        await SetAsync(tenant, new { automaticRegistration = true });
        var email = TestUsers.NewEmail();
        var asked = await app.Users.AskSignInCodeAsync(email, header);
        var letter = await app.Users.LetterAsync(email);
        await SetAsync(tenant, new { registration = "closed" });

        var late = await app.Users.SignInByCodeAsync(asked.SignInCodeId(), letter.Code, header);

        Assert.Equal((HttpStatusCode.NotFound, "identity.sign-in-code-not-found"), (late.Status, late.Code));
    }

    [Fact]
    public async Task Who_registered_meanwhile_is_signed_in_by_the_code_that_was_sent_before()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        await SetAsync(tenant, new { automaticRegistration = true });
        var email = TestUsers.NewEmail();
        var asked = await app.Users.AskSignInCodeAsync(email, header);
        var letter = await app.Users.LetterAsync(email);
        var started = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(email), header);
        var code = (await app.Users.LetterAsync(email, 2)).Code;
        var registered = await app.Users.PostAsync($"/v1/registrations/{started.RegistrationId}/verify", new { code }, header);

        var signedIn = await app.Users.SignInByCodeAsync(asked.SignInCodeId(), letter.Code, header);

        Assert.Equal(HttpStatusCode.Created, signedIn.Status);
        Assert.Equal(
            registered.Body.GetProperty("user").GetProperty("id").GetGuid(),
            signedIn.Body.GetProperty("user").GetProperty("id").GetGuid()
        );
    }

    [Theory]
    [InlineData("""{"signInModes":[]}""", "signInModes: request.unknown-value")]
    [InlineData("""{"signInModes":["password","magic"]}""", "signInModes: request.unknown-value")]
    [InlineData("""{"signInModes":"code"}""", "signInModes: request.wrong-type")]
    [InlineData("""{"automaticRegistration":"yes"}""", "automaticRegistration: request.wrong-type")]
    [InlineData("""{"signInPage":"password-first"}""", "signInPage: request.unknown-value")]
    public async Task Modes_that_are_none_are_rejected(string body, string error)
    {
        var tenant = await domains.TenantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/v1/tenants/{tenant.Id}/settings")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add(tenant.Administrator.Tokens.Header.Name, tenant.Administrator.Tokens.Header.Value);

        var rejected = await app.Users.SendAsync(request);

        Assert.Equal((HttpStatusCode.BadRequest, error), (rejected.Status, string.Join(", ", rejected.Errors)));
    }

    private Task<Answer> SendAsync(string path, string body, string tenant)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Gatehouse-Tenant", tenant);
        return app.Users.SendAsync(request);
    }

    private async Task SetAsync(DomainTenant tenant, object settings) =>
        Assert.Equal(
            HttpStatusCode.OK,
            (await app.CallAsync(HttpMethod.Patch, $"/v1/tenants/{tenant.Id}/settings", tenant.Administrator, settings)).Status
        );
}
