using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Notifications;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Organizations.Domains;

/// <summary>Adding and verifying domains of tenants, with a name server and a web server of the test.</summary>
public sealed class DomainTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private readonly TestApp app = domains.App;

    [Fact]
    public async Task A_txt_record_proves_a_domain()
    {
        var tenant = await domains.TenantAsync();
        var domain = DomainsApp.NewDomain();
        var added = await tenant.AddAsync(domain);
        Assert.Equal(
            (domain, false, $"_gatehouse-challenge.{domain}", $"https://{domain}/.well-known/gatehouse-challenge.txt"),
            (
                added.GetProperty("domain").GetString(),
                added.GetProperty("verified").GetBoolean(),
                added.GetProperty("txtName").GetString(),
                added.GetProperty("fileUrl").GetString()
            )
        );
        Assert.Equal(("absent", "absent"), await tenant.RejectedAsync(domain));

        domains.NameServer.Put(added.GetProperty("txtName").GetString()!, "something", added.GetProperty("txtValue").GetString()!);
        var verified = await tenant.CallAsync(HttpMethod.Post, $"/{domain}/verify");
        Assert.Equal(HttpStatusCode.OK, verified.Status);
        Assert.Equal("dns", verified.Body.GetProperty("verifiedBy").GetString());
        // It stays so without the record; the same again changes nothing.
        domains.NameServer.Remove(added.GetProperty("txtName").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await tenant.CallAsync(HttpMethod.Post, $"/{domain}/verify")).Status);
        Assert.True((await tenant.CallAsync(HttpMethod.Get, $"/{domain.ToUpperInvariant()}.")).Body.GetProperty("verified").GetBoolean());
        Assert.Equal(
            (1L, "tenant-domain.added tenant-domain.verified"),
            (
                await app.ScalarAsync<long>(
                    """
                    select count(*) from runtime.events
                     where type = 'tenant.domain-verified.v1' and key = $1 and data::jsonb ->> 'domain' = $2
                    """,
                    tenant.Id,
                    domain
                ),
                await app.ScalarAsync<string>(
                    "select string_agg(action, ' ' order by action) from audit.records where tenant_id = $1 and facts::text like $2",
                    tenant.Id,
                    $"%{domain}%"
                )
            )
        );
    }

    [Fact]
    public async Task A_file_proves_a_domain_if_no_record_does()
    {
        var tenant = await domains.TenantAsync();
        var domain = DomainsApp.NewDomain();
        var content = (await tenant.AddAsync(domain)).GetProperty("fileContent").GetString()!;
        domains.Files[domain] = MailerServer.Status(200, "something else");
        Assert.Equal(("absent", "different"), await tenant.RejectedAsync(domain));
        domains.Files[domain] = MailerServer.Status(404, content);
        Assert.Equal(("absent", "absent"), await tenant.RejectedAsync(domain));
        domains.Files[domain] = MailerServer.Status(200, content + "\r\n");
        Assert.Equal("file", (await tenant.CallAsync(HttpMethod.Post, $"/{domain}/verify")).Body.GetProperty("verifiedBy").GetString());
    }

    [Fact]
    public async Task A_redirect_proves_nothing_and_is_not_followed()
    {
        var tenant = await domains.TenantAsync();
        var domain = DomainsApp.NewDomain();
        var content = (await tenant.AddAsync(domain)).GetProperty("fileContent").GetString()!;
        domains.Files["elsewhere"] = MailerServer.Status(200, content);
        domains.Files[domain] = (_, http) =>
        {
            http.Response.Redirect($"http://elsewhere:{http.Connection.LocalPort}/");
            return Task.CompletedTask;
        };
        Assert.Equal(("absent", "absent"), await tenant.RejectedAsync(domain));
    }

    [Fact]
    public async Task What_a_name_server_or_web_server_sends_can_be_of_any_size_and_sense()
    {
        var tenant = await domains.TenantAsync();
        var domain = DomainsApp.NewDomain();
        var added = await tenant.AddAsync(domain);
        var (name, value) = (added.GetProperty("txtName").GetString()!, added.GetProperty("txtValue").GetString()!);
        // Endless, and begins with what is wanted.
        domains.Files[domain] = async (_, http) =>
        {
            await http.Response.WriteAsync(value);
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.WriteAsync(new string('x', 65_536), http.RequestAborted);
        };
        domains.NameServer.Put(name, [.. Enumerable.Range(0, 200).Select(n => new string('x', 300) + n)]);
        Assert.Equal(("different", "different"), await tenant.RejectedAsync(domain));
        domains.Files.Remove(domain, out _);
        domains.NameServer.Put(name, value + new string('x', 300));
        Assert.Equal(("different", "absent"), await tenant.RejectedAsync(domain));
        // Among many it is found, in more than a datagram takes.
        domains.NameServer.Put(name, [.. Enumerable.Range(0, 100).Select(n => new string('x', 300) + n), value]);
        Assert.Equal(HttpStatusCode.OK, (await tenant.CallAsync(HttpMethod.Post, $"/{domain}/verify")).Status);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("empty")]
    [InlineData("cut")]
    [InlineData("noise")]
    [InlineData("loop")]
    [InlineData("counts")]
    public async Task A_name_server_that_does_not_answer_in_order_is_unreachable(string how)
    {
        await using var broken = new NameServerStandIn();
        await using var one = await TestApp.StartAsync(
            app.Databases,
            app.Clock,
            domains.Settings(broken.Address, seconds: how == "none" ? 1 : 20)
        );
        var tenant = await domains.TenantAsync();
        var domain = DomainsApp.NewDomain();
        var added = await tenant.AddAsync(domain);
        broken.Put(added.GetProperty("txtName").GetString()!, added.GetProperty("txtValue").GetString()!);
        broken.Distort = answer => Distorted(answer, how);
        var rejected = await one.CallAsync(HttpMethod.Post, $"/v1/tenants/{tenant.Id}/domains/{domain}/verify", tenant.Administrator);
        Assert.True(
            rejected.Status == HttpStatusCode.UnprocessableEntity,
            string.Join('\n', one.Logs.Lines.Where(l => l.StartsWith("Error", StringComparison.Ordinal)))
        );
        Assert.Equal("unreachable", rejected.Body.GetProperty("dns").GetString());
        Assert.NotEmpty(broken.Questions);
    }

    [Fact]
    public async Task A_web_server_at_a_private_address_is_not_asked()
    {
        var settings = domains.Settings(domains.NameServer.Address);
        settings["Domains:AllowPrivateAddresses"] = "false";
        await using var guarded = await TestApp.StartAsync(app.Databases, app.Clock, settings);
        var tenant = await domains.TenantAsync();
        var domain = DomainsApp.NewDomain();
        var asked = false;
        domains.Files[domain] = (_, _) =>
        {
            asked = true;
            return Task.CompletedTask;
        };
        await tenant.AddAsync(domain);
        var rejected = await guarded.CallAsync(HttpMethod.Post, $"/v1/tenants/{tenant.Id}/domains/{domain}/verify", tenant.Administrator);
        Assert.Equal("unreachable", rejected.Body.GetProperty("file").GetString());
        Assert.False(asked);
    }

    [Fact]
    public async Task Of_several_tenants_with_a_claim_one_gets_the_domain()
    {
        var (one, other) = (await domains.TenantAsync(), await domains.TenantAsync());
        var domain = DomainsApp.NewDomain();
        var ofOne = await one.AddAsync(domain);
        var ofOther = await other.AddAsync(domain);
        Assert.NotEqual(ofOne.GetProperty("txtValue").GetString(), ofOther.GetProperty("txtValue").GetString());
        var name = ofOne.GetProperty("txtName").GetString()!;
        // The proof of one is none for the other.
        domains.NameServer.Put(name, ofOne.GetProperty("txtValue").GetString()!);
        Assert.Equal(("different", "absent"), await other.RejectedAsync(domain));
        domains.NameServer.Put(name, ofOne.GetProperty("txtValue").GetString()!, ofOther.GetProperty("txtValue").GetString()!);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(n => (n % 2 == 0 ? one : other).CallAsync(HttpMethod.Post, $"/{domain}/verify"))
        );
        Assert.Equal(3, answers.Count(a => a.Status == HttpStatusCode.OK));
        Assert.Equal(3, answers.Count(a => a.Code == "organizations.domain-verified-elsewhere"));
        // Once removed it is free.
        var (holder, next) = answers[0].Status == HttpStatusCode.OK ? (one, other) : (other, one);
        Assert.Equal(HttpStatusCode.NoContent, (await holder.CallAsync(HttpMethod.Delete, $"/{domain}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await next.CallAsync(HttpMethod.Post, $"/{domain}/verify")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await holder.CallAsync(HttpMethod.Get, $"/{domain}")).Status);
    }

    [Theory]
    [InlineData("", "request.required")]
    [InlineData("school", "organizations.domain-invalid")]
    [InlineData("192.0.2.1", "organizations.domain-invalid")]
    [InlineData("[2001:db8::1]", "organizations.domain-invalid")]
    [InlineData("school.example:8080", "organizations.domain-invalid")]
    [InlineData("https://school.example", "organizations.domain-invalid")]
    [InlineData("a..example", "organizations.domain-invalid")]
    [InlineData("-a.example", "organizations.domain-invalid")]
    [InlineData("*.school.example", "organizations.domain-invalid")]
    [InlineData("a_b.example", "organizations.domain-invalid")]
    [InlineData("xn--a.example", "organizations.domain-invalid")]
    [InlineData("school​.example", "organizations.domain-invalid")]
    [InlineData("a.localhost", "organizations.domain-reserved")]
    [InlineData("printer.local", "organizations.domain-reserved")]
    [InlineData("api.INTERNAL.", "organizations.domain-reserved")]
    [InlineData("1.168.192.in-addr.arpa", "organizations.domain-reserved")]
    public async Task What_no_tenant_can_have_is_rejected(string domain, string code)
    {
        var tenant = await domains.TenantAsync();
        var answer = await tenant.CallAsync(HttpMethod.Post, "", new { domain });
        Assert.Equal((HttpStatusCode.BadRequest, $"domain: {code}"), (answer.Status, string.Join(", ", answer.Errors)));
    }

    [Fact]
    public async Task A_name_too_long_for_its_record_is_rejected()
    {
        var tenant = await domains.TenantAsync();
        var label = new string('a', 50);
        var longest = string.Join('.', label, label, label, label, new string('a', 20) + "." + "example");
        Assert.Equal(232, longest.Length);
        Assert.Equal(HttpStatusCode.OK, (await tenant.CallAsync(HttpMethod.Post, "", new { domain = longest })).Status);
        foreach (var domain in new[] { "a" + longest, new string('a', 10_000) + ".example" })
            Assert.Equal(HttpStatusCode.BadRequest, (await tenant.CallAsync(HttpMethod.Post, "", new { domain })).Status);
    }

    [Fact]
    public async Task All_spellings_are_one_domain()
    {
        var tenant = await domains.TenantAsync();
        foreach (var spelling in new[] { "Bücher.example", "BÜCHER.EXAMPLE.", "xn--bcher-kva.example", "Bu\u0308cher。example" })
            Assert.Equal("xn--bcher-kva.example", (await tenant.AddAsync(spelling)).GetProperty("domain").GetString());
        Assert.Equal(1, (await tenant.CallAsync(HttpMethod.Get, "")).Body.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Domains_of_another_tenant_are_not_there_in_path_and_cursor()
    {
        var (one, other) = (await domains.TenantAsync(), await domains.TenantAsync());
        var domain = DomainsApp.NewDomain();
        await one.AddAsync(domain);
        foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Get, "/" + domain), (HttpMethod.Delete, "/" + domain) })
        {
            var foreign = await app.CallAsync(method, $"/v1/tenants/{one.Id}/domains{path}", other.Administrator);
            Assert.Equal((HttpStatusCode.NotFound, "organizations.tenant-not-found"), (foreign.Status, foreign.Code));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await other.CallAsync(HttpMethod.Get, "/" + domain)).Status);
        Assert.Equal("organizations.domain-not-found", (await other.CallAsync(HttpMethod.Post, $"/{domain}/verify")).Code);
        // Nothing to remove, and nothing happened.
        Assert.Equal(HttpStatusCode.NoContent, (await other.CallAsync(HttpMethod.Delete, "/" + domain)).Status);
        await one.AddAsync(DomainsApp.NewDomain());
        var next = (await one.CallAsync(HttpMethod.Get, "?limit=1")).Body.GetProperty("next").GetString();
        Assert.Equal(0, (await other.CallAsync(HttpMethod.Get, "?after=" + next)).Body.GetProperty("items").GetArrayLength());
        Assert.Equal(
            domain,
            (await one.CallAsync(HttpMethod.Get, "?after=" + next)).Body.GetProperty("items")[0].GetProperty("domain").GetString()
        );
    }

    [Fact]
    public async Task A_tenant_has_at_most_a_hundred_domains()
    {
        var tenant = await domains.TenantAsync();
        await app.ExecuteAsync(
            """
            insert into organizations.tenant_domains (tenant_id, domain, id, challenge, created_at)
            select $1, n || '.many.example', gen_random_uuid(), 'x', now() from generate_series(1, 99) n
            """,
            tenant.Id
        );
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => tenant.CallAsync(HttpMethod.Post, "", new { domain = DomainsApp.NewDomain() }))
        );
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.Equal(3, answers.Count(a => a.Code == "organizations.too-many-domains"));
    }

    private static byte[]? Distorted(byte[] answer, string how)
    {
        switch (how)
        {
            case "none":
                return null;
            case "empty":
                return [];
            case "cut":
                return answer[..(answer.Length / 2)];
            case "noise":
                for (var at = 12; at < answer.Length; at++)
                    answer[at] = 0xFF;
                return answer;
            case "loop":
                // A name that points to itself.
                var record = Array.LastIndexOf(answer, (byte)0xC0);
                answer[record + 1] = (byte)record;
                return answer;
            default:
                (answer[6], answer[7]) = (0xFF, 0xFF);
                return answer;
        }
    }
}
