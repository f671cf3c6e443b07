using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Organizations.Domains;

namespace Gatehouse.SystemTests.Identity.Passkeys;

/// <summary>A passkey that was added at a tenant's own domain opens that domain, and no other host.</summary>
public sealed class TenantPasskeyTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private const string Main = "localhost";

    private static readonly (string, string) OfFirst = ("Gatehouse-Tenant", "default");

    private readonly TestApp app = domains.App;

    [Fact]
    public async Task It_signs_in_where_it_was_added()
    {
        var tenant = await domains.TenantAsync();
        var domain = await tenant.VerifiedAsync();
        var person = await domains.SignUpAsync(At(domain));
        using var device = await AddedAsync(person, domain);

        var options = await OptionsAsync(At(domain));
        Assert.Equal(domain, options.PublicKey().GetProperty("rpId").GetString());
        var signedIn = await SignInAsync(options, device, At(domain));

        Assert.True(signedIn.Status == HttpStatusCode.Created, signedIn.Text);
        Assert.Equal(person.UserId, signedIn.Body.GetProperty("user").GetProperty("id").GetGuid());
        Assert.Equal(tenant.Id.ToString(), signedIn.Tokens().Claims.GetProperty("tid").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Neither_the_main_host_nor_a_domain_of_another_tenant_takes_it(bool lies)
    {
        var (tenant, other) = (await domains.TenantAsync(), await domains.TenantAsync());
        var (domain, foreign) = (await tenant.VerifiedAsync(), await other.VerifiedAsync());
        var second = await tenant.VerifiedAsync();
        var person = await domains.SignUpAsync(At(domain));
        using var device = await AddedAsync(person, domain);

        (string Host, (string, string) Header)[] elsewhere =
        [
            (Main, OfFirst),
            (Main, ("Gatehouse-Tenant", tenant.Name)),
            (foreign, At(foreign)),
            (second, At(second)),
        ];
        foreach (var (host, header) in elsewhere)
        {
            var options = await OptionsAsync(header);
            Assert.Equal(host, options.PublicKey().GetProperty("rpId").GetString());
            // What a browser and an authenticator would never say, or the truth.
            (device.Origin, device.RelyingParty) = lies ? (OriginOf(host), host) : (OriginOf(domain), domain);
            (await SignInAsync(options, device, header)).AssertRejected();
        }

        (device.Origin, device.RelyingParty) = (OriginOf(domain), null);
        Assert.Equal(HttpStatusCode.Created, (await SignInAsync(await OptionsAsync(At(domain)), device, At(domain))).Status);
    }

    [Fact]
    public async Task What_was_begun_at_one_tenants_domain_is_not_finished_at_anothers()
    {
        var (tenant, other) = (await domains.TenantAsync(), await domains.TenantAsync());
        var (domain, foreign) = (await tenant.VerifiedAsync(), await other.VerifiedAsync());
        var person = await domains.SignUpAsync(At(domain));
        using var device = await AddedAsync(person, domain);

        foreach (var elsewhere in new[] { At(foreign), OfFirst })
            (await SignInAsync(await OptionsAsync(At(domain)), device, elsewhere)).AssertRejected();
    }

    private static (string, string) At(string host) => ("Host", host);

    private static string OriginOf(string host) =>
        new UriBuilder(SoftwareAuthenticator.TestOrigin) { Host = host }.Uri.GetLeftPart(UriPartial.Authority);

    private async Task<SoftwareAuthenticator> AddedAsync(SignedIn person, string domain)
    {
        var device = new SoftwareAuthenticator(OriginOf(domain));
        var options = await app.CallAsync(HttpMethod.Post, PasskeyCalls.Path + "/options", person, body: null, At(domain));
        Assert.True(options.Status == HttpStatusCode.OK, options.Text);
        Assert.Equal(domain, options.PublicKey().GetProperty("rp").GetProperty("id").GetString());
        var body = new
        {
            ceremonyId = options.Ceremony(),
            name = "Phone",
            credential = device.Create(options.PublicKey()),
        };
        var added = await app.CallAsync(HttpMethod.Post, PasskeyCalls.Path, person, body, At(domain));
        Assert.True(added.Status == HttpStatusCode.Created, added.Text);
        return device;
    }

    private Task<Answer> OptionsAsync((string, string) header) => app.Users.PostAsync("/v1/passkey-options", body: null, header);

    private Task<Answer> SignInAsync(Answer options, SoftwareAuthenticator device, (string, string) header) =>
        app.Users.PostAsync(
            "/v1/passkey-sessions",
            new { ceremonyId = options.Ceremony(), credential = device.Get(options.PublicKey()) },
            header
        );
}
