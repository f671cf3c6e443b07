using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Organizations.Placement;

public sealed class PlacementTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task New_users_are_placed_by_code_else_by_domain_else_nowhere()
    {
        var admin = await app.TenantAdministratorAsync();
        var (byCode, byDomain) = (await app.OrganizationAsync(admin), await app.OrganizationAsync(admin));
        var code = OrganizationCalls.NewCode();
        var domain = OrganizationCalls.NewCode() + ".example";
        var added = await app.CallAsync(
            HttpMethod.Post,
            byDomain.Path + "/domains",
            admin,
            new { domain = $"HTTPS://{domain.ToUpperInvariant()}/" }
        );
        Assert.Equal(domain, added.Body.GetProperty("domain").GetString());
        await app.AssertDoneAsync(HttpMethod.Post, byCode.Path + "/registration-codes", admin, new { code = code.ToUpperInvariant() });

        var (both, one, neither) = (
            await RegisterAsync("a@" + domain, code),
            await RegisterAsync("b@" + domain, registrationCode: null),
            await RegisterAsync("a@sub." + domain, registrationCode: null)
        );
        await TestApp.EventuallyAsync(async () => await MembersAsync(byCode.Path, admin) is [var id] && id == both, "a member by code");
        await TestApp.EventuallyAsync(async () => await MembersAsync(byDomain.Path, admin) is [var id] && id == one, "a member by domain");
        await app.QuietAsync();
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from organizations.members where user_id = $1", neither));
        Assert.Equal(
            "registration-code",
            await app.ScalarAsync<string>(
                "select facts::jsonb ->> 'by' from audit.records where subject = $1 and action = 'member.added'",
                both
            )
        );
    }

    [Fact]
    public async Task An_unknown_code_is_rejected_before_anything_is_sent_whether_the_address_has_an_account_or_not()
    {
        var admin = await app.TenantAdministratorAsync();
        var (_, path) = await app.OrganizationAsync(admin);
        var code = OrganizationCalls.NewCode();
        await app.AssertDoneAsync(HttpMethod.Post, path + "/registration-codes", admin, new { code });
        var fresh = TestUsers.NewEmail();
        foreach (var email in new[] { admin.Email, fresh })
        {
            var answer = await StartAsync(email, "no-such-code");
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Equal(["registrationCode: identity.registration-code-unknown"], answer.Errors);
            Assert.Equal(HttpStatusCode.Accepted, (await StartAsync(email, $" {code.ToUpperInvariant()} ")).Status);
        }

        Assert.Equal(["registrationCode: request.too-long"], (await StartAsync(fresh, new string('c', 33))).Errors);
        await app.AssertDoneAsync(HttpMethod.Post, path + "/deactivate", admin);
        Assert.Equal(["registrationCode: identity.registration-code-unknown"], (await StartAsync(fresh, code)).Errors);
        await app.QuietAsync();
        Assert.Single(await app.Users.LettersAsync(fresh), l => l.Code.Length > 0);
    }

    [Theory]
    [InlineData("domains", "domain", "organizations.domain-taken", ".example")]
    [InlineData("registration-codes", "code", "organizations.registration-code-taken", "")]
    public async Task One_domain_and_one_code_belong_to_one_organization_and_may_return(
        string list,
        string member,
        string taken,
        string ending
    )
    {
        var admin = await app.TenantAdministratorAsync();
        var (one, two) = (await app.OrganizationAsync(admin), await app.OrganizationAsync(admin));
        var value = OrganizationCalls.NewCode() + ending;
        var body = new Dictionary<string, string>(StringComparer.Ordinal) { [member] = value };
        var answers = await Task.WhenAll(new[] { one, two }.Select(o => app.CallAsync(HttpMethod.Post, $"{o.Path}/{list}", admin, body)));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(a => a.Status).Order());
        var (holder, other) = answers[0].Status == HttpStatusCode.OK ? (one, two) : (two, one);
        await app.AssertDoneAsync(HttpMethod.Post, $"{holder.Path}/{list}", admin, body);
        await app.AssertRejectedAsync(HttpStatusCode.Conflict, taken, HttpMethod.Post, $"{other.Path}/{list}", admin, body);
        var items = (await app.CallAsync(HttpMethod.Get, $"{holder.Path}/{list}", admin)).Body.GetProperty("items").EnumerateArray();
        Assert.Equal([value], items.Select(i => i.GetProperty(member).GetString()));

        // Only its own organization can give it up.
        await app.AssertDoneAsync(HttpMethod.Delete, $"{other.Path}/{list}/{value}", admin);
        await app.AssertRejectedAsync(HttpStatusCode.Conflict, taken, HttpMethod.Post, $"{other.Path}/{list}", admin, body);
        foreach (var _ in new[] { 1, 2 })
            await app.AssertDoneAsync(HttpMethod.Delete, $"{holder.Path}/{list}/{value.ToUpperInvariant()}", admin);
        await app.AssertDoneAsync(HttpMethod.Post, $"{other.Path}/{list}", admin, body);
    }

    [Fact]
    public async Task An_organization_administrator_gives_codes_of_the_own_organization_but_no_domains()
    {
        var admin = await app.TenantAdministratorAsync();
        var (own, other, foreign) = (
            await app.OrganizationAsync(admin),
            await app.OrganizationAsync(admin),
            await app.ForeignOrganizationAsync()
        );
        var local = await app.OrganizationAdministratorAsync(admin, own.Id);
        var code = new { code = OrganizationCalls.NewCode() };
        await app.AssertDoneAsync(HttpMethod.Post, own.Path + "/registration-codes", local, code);
        await app.AssertRejectedAsync(
            HttpStatusCode.Forbidden,
            "request.forbidden",
            HttpMethod.Post,
            own.Path + "/domains",
            local,
            new { domain = "everybody.example" }
        );
        foreach (var (path, by) in new[] { (other.Path, local), (foreign.Path, local), (foreign.Path, admin) })
        {
            var missing = "organizations.organization-not-found";
            await app.AssertRejectedAsync(HttpStatusCode.NotFound, missing, HttpMethod.Post, path + "/registration-codes", by, code);
            await app.AssertRejectedAsync(HttpStatusCode.NotFound, missing, HttpMethod.Get, path + "/registration-codes", by);
            await app.AssertRejectedAsync(HttpStatusCode.NotFound, missing, HttpMethod.Get, path + "/domains", by);
            await app.AssertRejectedAsync(HttpStatusCode.NotFound, missing, HttpMethod.Delete, path + "/registration-codes/x", by);
        }
    }

    [Theory]
    [InlineData("domains", "domain", "", "request.required")]
    [InlineData("domains", "domain", "localhost", "organizations.domain-invalid")]
    [InlineData("domains", "domain", "school.example/path", "organizations.domain-invalid")]
    [InlineData("domains", "domain", "school.example:443", "organizations.domain-invalid")]
    [InlineData("domains", "domain", "192.0.2.1", "organizations.domain-invalid")]
    [InlineData("registration-codes", "code", "", "request.required")]
    [InlineData("registration-codes", "code", "a b", "organizations.registration-code-invalid")]
    [InlineData("registration-codes", "code", "código", "organizations.registration-code-invalid")]
    [InlineData("registration-codes", "code", "abcdefghijklmnopqrstuvwxyz0123456", "request.too-long")]
    public async Task Bad_domains_and_codes_are_rejected(string list, string member, string value, string error)
    {
        var admin = await app.TenantAdministratorAsync();
        var (_, path) = await app.OrganizationAsync(admin);
        var body = new Dictionary<string, string>(StringComparer.Ordinal) { [member] = value };
        var answer = await app.CallAsync(HttpMethod.Post, $"{path}/{list}", admin, body);
        Assert.Equal([$"{member}: {error}"], answer.Errors);
    }

    private Task<Answer> StartAsync(string email, string? registrationCode) =>
        app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
                registrationCode,
            }
        );

    private async Task<Guid> RegisterAsync(string email, string? registrationCode)
    {
        var started = await StartAsync(email, registrationCode);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        var verified = await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(email)).Code);
        return verified.Body.GetProperty("user").GetProperty("id").GetGuid();
    }

    private async Task<IReadOnlyList<Guid>> MembersAsync(string path, SignedIn admin) =>
        (await app.CallAsync(HttpMethod.Get, path + "/members", admin)).Ids("userId");
}
