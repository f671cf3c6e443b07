using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Notifications;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Organizations.Domains;

/// <summary>An installation with several tenants, whose domains are looked up at servers of the test.</summary>
public sealed class DomainsApp : IAsyncLifetime
{
    private static int count;

    private MailerServer files = null!;

    internal TestApp App { get; private set; } = null!;

    internal SignedIn Platform { get; private set; } = null!;

    internal NameServerStandIn NameServer { get; private set; } = null!;

    /// <summary>What web servers answer, by host; 404 where nothing is said.</summary>
    internal ConcurrentDictionary<string, Func<MailerServer.Received, HttpContext, Task>> Files { get; } =
        new(StringComparer.OrdinalIgnoreCase);

    public static string NewDomain() => string.Create(CultureInfo.InvariantCulture, $"accounts-{Interlocked.Increment(ref count)}.example");

    public async ValueTask InitializeAsync()
    {
        NameServer = new NameServerStandIn();
        files = await MailerServer.StartAsync();
        files.Answer = (received, http) =>
            received.Target == "/.well-known/gatehouse-challenge.txt" && Files.TryGetValue(http.Request.Host.Host, out var answer)
                ? answer(received, http)
                : MailerServer.Status(404)(received, http);
        App = await TestApp.StartAsync(settings: Settings(NameServer.Address));
        Platform = await App.AlwaysFreshAsync(await App.PlatformAdministratorAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await files.DisposeAsync();
        await NameServer.DisposeAsync();
    }

    internal Dictionary<string, string?> Settings(string nameServer, int seconds = 20) =>
        new(StringComparer.Ordinal)
        {
            ["Domains:NameServers:0"] = nameServer,
            ["Domains:FileServer"] = files.Url,
            ["Domains:AllowPrivateAddresses"] = "true",
            ["Domains:TimeoutSeconds"] = seconds.ToString(CultureInfo.InvariantCulture),
            ["RateLimits:VerifyDomain:Permits"] = "1000",
        };

    /// <summary>A new tenant with an administrator.</summary>
    internal async Task<DomainTenant> TenantAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"tenant-{Interlocked.Increment(ref count)}");
        var created = await App.CallAsync(HttpMethod.Post, "/v1/tenants", Platform, new { name, displayName = name });
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var header = ("Gatehouse-Tenant", name);
        var user = await SignUpAsync(header);
        var path = user.RolePath(BuiltInRole.TenantAdministrator);
        Assert.Equal(HttpStatusCode.NoContent, (await App.CallAsync(HttpMethod.Put, path, Platform, body: null, header)).Status);
        return new DomainTenant(App, this)
        {
            Id = created.Body.GetProperty("id").GetGuid(),
            Name = name,
            Administrator = user,
        };
    }

    /// <param name="of">A header that says whose the request is.</param>
    internal async Task<SignedIn> SignUpAsync((string, string) of)
    {
        var email = TestUsers.NewEmail();
        var started = await App.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            },
            of
        );
        var code = (await App.Users.LetterAsync(email)).Code;
        var answer = await App.Users.PostAsync($"/v1/registrations/{started.RegistrationId}/verify", new { code }, of);
        return new SignedIn(answer.Body.GetProperty("user").GetProperty("id").GetGuid(), email, answer.Tokens(), answer.Device());
    }
}

/// <summary>A tenant and who administers it.</summary>
internal sealed class DomainTenant(TestApp app, DomainsApp domains)
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required SignedIn Administrator { get; init; }

    public Task<Answer> CallAsync(HttpMethod method, string path, object? body = null) =>
        app.CallAsync(method, $"/v1/tenants/{Id}/domains{path}", Administrator, body);

    public async Task<JsonElement> AddAsync(string domain)
    {
        var answer = await CallAsync(HttpMethod.Post, "", new { domain });
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Body;
    }

    /// <summary>A new domain that is verified.</summary>
    public async Task<string> VerifiedAsync(string? domain = null)
    {
        var added = await AddAsync(domain ?? DomainsApp.NewDomain());
        domain = added.GetProperty("domain").GetString()!;
        domains.NameServer.Put(added.GetProperty("txtName").GetString()!, added.GetProperty("txtValue").GetString()!);
        var verified = await CallAsync(HttpMethod.Post, $"/{domain}/verify");
        Assert.True(verified.Status == HttpStatusCode.OK, verified.Text);
        return domain;
    }

    /// <summary>What a verification that fails says of the record and of the file.</summary>
    public async Task<(string? Dns, string? File)> RejectedAsync(string domain)
    {
        var answer = await CallAsync(HttpMethod.Post, $"/{domain}/verify");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "organizations.domain-not-verified"), (answer.Status, answer.Code));
        return (answer.Body.GetProperty("dns").GetString(), answer.Body.GetProperty("file").GetString());
    }
}
