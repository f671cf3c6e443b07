using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Organizations.Domains;

/// <summary>Whose requests are by the host they go to, in an installation with several tenants.</summary>
public sealed class TenantHostTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private readonly TestApp app = domains.App;

    [Fact]
    public async Task Requests_to_a_verified_domain_are_the_tenants_in_any_spelling()
    {
        var tenant = await domains.TenantAsync();
        var domain = await tenant.VerifiedAsync();
        foreach (var host in new[] { domain, domain.ToUpperInvariant(), domain + ".", domain + ":8443", domain + ".:443" })
        {
            var user = await domains.SignUpAsync(("Host", host));
            Assert.Equal(tenant.Id.ToString(), user.Tokens.Claims.GetProperty("tid").GetString());
            var page = await app.Users.SendAsync(HttpMethod.Get, "/sign-in", ("Host", host), ("Accept", "text/html"));
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Contains(tenant.Name, page.Text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, await SignInPageAsync("www." + domain));
    }

    [Fact]
    public async Task A_domain_of_another_script_is_found_by_its_ascii_form()
    {
        var tenant = await domains.TenantAsync();
        await tenant.VerifiedAsync("schüler.example");
        Assert.Equal(HttpStatusCode.OK, await SignInPageAsync("xn--schler-5ya.example"));
        Assert.Equal(HttpStatusCode.OK, await SignInPageAsync("XN--SCHLER-5YA.example."));
    }

    [Fact]
    public async Task The_host_of_the_installation_is_the_first_tenants_and_an_unknown_one_nobodys()
    {
        await domains.TenantAsync();
        Assert.Equal(HttpStatusCode.OK, await SignInPageAsync("localhost:8080"));
        var user = await domains.SignUpAsync(("Host", "LOCALHOST."));
        Assert.Equal(Gatehouse.Core.Tenants.DefaultTenant.Id.ToString(), user.Tokens.Claims.GetProperty("tid").GetString());
        foreach (var host in new[] { "nobody.example", "192.0.2.7", "[2001:db8::1]:8080", "evil-localhost", "localhost.example" })
            Assert.Equal(HttpStatusCode.NotFound, await SignInPageAsync(host));
        // There, too, header and token name others.
        var tenant = await domains.TenantAsync();
        Assert.Equal(
            HttpStatusCode.OK,
            (await app.CallAsync(HttpMethod.Get, "/v1/me", tenant.Administrator, body: null, ("Host", "localhost"))).Status
        );
    }

    [Fact]
    public async Task Token_header_and_host_must_not_disagree()
    {
        var (one, other) = (await domains.TenantAsync(), await domains.TenantAsync());
        var host = ("Host", await one.VerifiedAsync());
        foreach (
            var answer in new[]
            {
                await app.CallAsync(HttpMethod.Get, "/v1/me", other.Administrator, body: null, host),
                await app.Users.SendAsync(HttpMethod.Get, "/v1/usernames/ada", host, ("Gatehouse-Tenant", other.Name)),
            }
        )
            Assert.Equal((HttpStatusCode.BadRequest, "request.tenant-ambiguous"), (answer.Status, answer.Code));
        Assert.Equal(
            HttpStatusCode.OK,
            (await app.CallAsync(HttpMethod.Get, "/v1/me", one.Administrator, body: null, host, ("Gatehouse-Tenant", one.Name))).Status
        );
    }

    [Fact]
    public async Task Links_in_mails_name_the_domain_and_lead_to_the_tenant()
    {
        var tenant = await domains.TenantAsync();
        var domain = await tenant.VerifiedAsync();
        var email = TestUsers.NewEmail();
        // Whatever host the request names.
        await app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            },
            ("Gatehouse-Tenant", tenant.Name),
            ("Host", "nobody.example")
        );
        var letter = await app.Users.LetterAsync(email);
        Assert.Contains($"http://{domain}:8080/register/confirm?token=", letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("localhost", letter.Text, StringComparison.Ordinal);
        // The second domain changes nothing; without the first one links name the installation's again.
        await tenant.VerifiedAsync();
        Assert.Equal(domain, await LinkDomainAsync());
        await tenant.CallAsync(HttpMethod.Delete, $"/{domain}");
        Assert.Equal("", await LinkDomainAsync());

        Task<string> LinkDomainAsync() =>
            app.ScalarAsync<string>("select coalesce(link_domain, '') from organizations.tenants where id = $1", tenant.Id);
    }

    [Fact]
    public async Task Other_nodes_know_a_domain_within_a_second_and_a_removed_or_disabled_one_is_nobodys()
    {
        await using var node = await app.StartNodeAsync();
        var tenant = await domains.TenantAsync();
        var domain = await tenant.VerifiedAsync();
        await OnNodeAsync(HttpStatusCode.OK);
        var platform = domains.Platform;
        await app.AssertDoneAsync(HttpMethod.Post, $"/v1/tenants/{tenant.Id}/disable", platform);
        Assert.Equal(HttpStatusCode.NotFound, await SignInPageAsync(domain));
        await app.AssertDoneAsync(HttpMethod.Post, $"/v1/tenants/{tenant.Id}/enable", platform);
        Assert.Equal(HttpStatusCode.OK, await SignInPageAsync(domain));
        await tenant.CallAsync(HttpMethod.Delete, $"/{domain}");
        Assert.Equal(HttpStatusCode.NotFound, await SignInPageAsync(domain));
        await OnNodeAsync(HttpStatusCode.NotFound);

        Task OnNodeAsync(HttpStatusCode status) =>
            TestApp.EventuallyAsync(
                async () =>
                    (await node.Users.SendAsync(HttpMethod.Get, "/sign-in", ("Host", domain), ("Accept", "text/html"))).Status == status,
                $"the other node answers {status}"
            );
    }

    [Fact]
    public async Task Cookies_of_the_tenant_that_had_the_domain_before_are_nobodys()
    {
        var (one, other) = (await domains.TenantAsync(), await domains.TenantAsync());
        var domain = await one.VerifiedAsync();
        var cookie = ("Cookie", "__Host-gatehouse-access=" + one.Administrator.Tokens.Access);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SendAsync(HttpMethod.Get, "/v1/me", ("Host", domain), cookie)).Status);
        await one.CallAsync(HttpMethod.Delete, $"/{domain}");
        await other.VerifiedAsync(domain);
        Assert.Equal(
            HttpStatusCode.OK,
            (await app.Users.SendAsync(HttpMethod.Get, "/sign-in", ("Host", domain), ("Accept", "text/html"), cookie)).Status
        );
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SendAsync(HttpMethod.Get, "/v1/me", ("Host", domain), cookie)).Status);
    }

    [Theory]
    [InlineData("http://{0}", HttpStatusCode.NoContent)]
    [InlineData("http://{0}:8443", HttpStatusCode.Forbidden)]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("http://{0}.evil.example", HttpStatusCode.Forbidden)]
    public async Task Calls_with_cookies_come_from_pages_of_the_domain(string origin, HttpStatusCode status)
    {
        var tenant = await domains.TenantAsync();
        var domain = await tenant.VerifiedAsync();
        var user = await domains.SignUpAsync(("Host", domain));
        var answer = await app.Users.SendAsync(
            HttpMethod.Delete,
            "/v1/sessions/current",
            ("Host", domain),
            ("Cookie", "__Host-gatehouse-access=" + user.Tokens.Access),
            ("Origin", string.Format(System.Globalization.CultureInfo.InvariantCulture, origin, domain)),
            ("Gatehouse-Request", "1")
        );
        Assert.Equal(status, answer.Status);
    }

    private async Task<HttpStatusCode> SignInPageAsync(string host) =>
        (await app.Users.SendAsync(HttpMethod.Get, "/sign-in", ("Host", host), ("Accept", "text/html"))).Status;
}
