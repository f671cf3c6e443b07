using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Organizations.Domains;

namespace Gatehouse.SystemTests.Pages;

/// <summary>A passkey of a tenant's own domain, in a browser: names below <c>localhost</c> lead to this machine, and are as safe as
/// it.</summary>
[Trait("Speed", "Slow")]
public sealed class TenantPasskeyPageTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private const string SignIn = "form[data-passkey=get] button";

    private const string AskedHere = """
        () => fetch('/v1/passkey-options', { method: 'POST', headers: { 'Gatehouse-Request': '1' } })
          .then(answer => answer.json()).then(options => options.publicKey.rpId)
        """;

    private const string AskFor = """
        rpId => navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32), rpId } }).then(() => 'signed', fault => fault.name)
        """;

    private readonly TestApp app = domains.App;

    [Fact]
    public async Task It_is_added_there_signs_in_there_and_the_browser_gives_it_to_no_other_host()
    {
        var tenant = await domains.TenantAsync();
        var host = await HostAsync(tenant, "north.localhost");
        var foreign = await HostAsync(await domains.TenantAsync(), "south.localhost");
        var person = await domains.SignUpAsync(("Host", host));
        await using var visit = await Visit.StartAsync(app);
        await VirtualAuthenticator.PlugInAsync(visit);

        await visit.GoAsync(At(host, "/sign-in"));
        await visit.Page.FillAsync("#identifier", person.Email);
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.ClickAsync("#form button.button:not(.quiet)");
        await visit.ArriveAsync("/account$");
        await visit.GoAsync(At(host, "/account/security/passkeys/add"));
        await visit.Page.FillAsync("#name", "Laptop");
        await visit.Page.ClickAsync("form[data-passkey=create] button");
        await visit.ArriveAsync("/recovery-codes$");
        await visit.Page.ClickAsync("form[action='/sign-out'] button");
        await visit.ArriveAsync("/signed-out");

        await visit.GoAsync(At(host, "/sign-in?returnUrl=%2Faccount%2Fsessions"));
        await visit.Page.ClickAsync(SignIn);
        await visit.ArriveAsync("/account/sessions$");
        Assert.Equal(host, await visit.Page.EvaluateAsync<string>(AskedHere));

        await visit.GoAsync(At(foreign, "/sign-in"));
        Assert.Equal(foreign, await visit.Page.EvaluateAsync<string>(AskedHere));
        Assert.Equal("SecurityError", await visit.Page.EvaluateAsync<string>(AskFor, host));
        await visit.SendAsync(("Gatehouse-Tenant", tenant.Name));
        await visit.GoAsync("/sign-in");
        Assert.Equal("localhost", await visit.Page.EvaluateAsync<string>(AskedHere));
        Assert.Equal("SecurityError", await visit.Page.EvaluateAsync<string>(AskFor, host));
    }

    private string At(string host, string path) =>
        new UriBuilder(app.Http.BaseAddress!) { Host = host }.Uri.GetLeftPart(UriPartial.Authority) + path;

    // Nobody can verify such a name.
    private async Task<string> HostAsync(DomainTenant tenant, string host)
    {
        await app.ExecuteAsync(
            "insert into organizations.verified_domains (domain, tenant_id, method, verified_at) values ($1, $2, 'dns', now())",
            host,
            tenant.Id
        );
        await TestApp.EventuallyAsync(
            async () =>
                (await app.Users.PostAsync("/v1/passkey-options", body: null, ("Host", host))).Body is var options
                && options.TryGetProperty("publicKey", out var key)
                && key.GetProperty("rpId").GetString() == host,
            $"{host} is the tenant's"
        );
        return host;
    }
}
