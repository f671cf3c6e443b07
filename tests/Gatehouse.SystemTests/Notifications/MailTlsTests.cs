using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Server;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>
/// TLS, each way, against a server whose certificate this machine does not know. What a process trusts is fixed when it first looks, so the
/// server that is told to trust it (SSL_CERT_FILE) is a process of its own.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class MailTlsTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("mail-tls").FullName;
    private MailServer server = null!;

    private string Certificate => Path.Combine(folder, "certificate.pem");

    public async ValueTask InitializeAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllTextAsync(Certificate, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        server = await ServerAsync("starttls");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Mail_goes_encrypted_to_a_server_whose_certificate_is_trusted()
    {
        const string To = "encrypted@example.org";
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        var port = GatehouseProcess.FreePort();
        var settings = Settings(databases);
        settings["Http:Port"] = port.ToString(CultureInfo.InvariantCulture);
        settings["Http:PublicUrl"] = "https://accounts.example.com";
        await using var process = GatehouseProcess.Start(["serve"], settings, trust: Certificate);

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await TestApp.EventuallyAsync(() => IsReadyAsync(http), "the server is ready");
        using var started = await http.PostAsJsonAsync(
            "/v1/registrations",
            new
            {
                email = To,
                name = "Ada",
                password = TestUsers.Password,
            }
        );
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);

        Assert.True((await server.MailAsync(To)).GetProperty("encrypted").GetBoolean());
        await process.SignalAsync("TERM");
        Assert.Equal(0, await process.ExitCodeAsync());
    }

    [Theory]
    [InlineData("starttls", "starttls", "PLAIN", "password", "right", null)]
    [InlineData("implicit", "tls", "LOGIN", "password", "right", null)]
    [InlineData("implicit", "tls", "PLAIN", "plain", "right", null)]
    [InlineData("starttls", "starttls", "XOAUTH2", "xoauth2", "right", null)]
    [InlineData("implicit", "tls", "XOAUTH2", "xoauth2", "FILE", null)]
    [InlineData("implicit", "tls", "PLAIN", "password", "wrong", "smtp 535 at auth")]
    [InlineData("starttls", "starttls", "XOAUTH2", "xoauth2", "wrong", "smtp auth: the server rejects the user name, password or token")]
    [InlineData("starttls", "starttls", "XOAUTH2", "password", "right", "smtp auth: the server does not offer this way to authenticate")]
    [InlineData("implicit", "starttls", "PLAIN", "password", "right", "smtp ")]
    public async Task The_doctor_sends_a_test_mail_by_each_kind_of_TLS_and_authentication(
        string mode,
        string security,
        string mechanism,
        string authentication,
        string secret,
        string? fault
    )
    {
        const string To = "operator@example.org";
        await using var strict = await ServerAsync(mode, "--auth", mechanism);
        var settings = await ServeTests.SettingsAsync();
        foreach (var (name, value) in Settings(databases: null, strict))
            settings[name] = value;
        settings["Mail:Smtp:Security"] = security;
        settings["Mail:Smtp:Authentication"] = authentication;
        settings["Mail:Smtp:Username"] = "gatehouse";
        // Where each waits for the other to begin, the time-out is what ends it.
        settings["Mail:Smtp:TimeoutSeconds"] = (mode, security) is ("implicit", "starttls") ? "5" : "20";
        if (secret == "FILE")
        {
            settings["Mail:Smtp:AccessTokenFile"] = Path.Combine(folder, "token");
            await File.WriteAllTextAsync(settings["Mail:Smtp:AccessTokenFile"]!, "right\n");
        }
        else
        {
            settings["Mail:Smtp:Password"] = secret;
        }

        await using var run = await GatehouseProcess.RunAsync(["doctor", "--mail", To], settings, trust: Certificate);

        Assert.Equal(fault is null ? 0 : 1, await run.ExitCodeAsync());
        Assert.DoesNotContain("Exception", run.Errors, StringComparison.Ordinal);
        if (fault is not null)
        {
            Assert.Contains(run.Lines, line => line.StartsWith("ERROR   test mail: was not accepted: " + fault, StringComparison.Ordinal));
            Assert.Empty(strict.Mails(To));
            return;
        }

        Assert.Contains("ok      test mail: was accepted (smtp)", run.Output, StringComparison.Ordinal);
        var mail = await strict.MailAsync(To);
        Assert.True(mail.GetProperty("encrypted").GetBoolean());
        Assert.Equal((mechanism, "accounts.example.com"), (mail.GetProperty("auth").GetString(), mail.GetProperty("ehlo").GetString()));
        Assert.Equal("Test mail from Gatehouse", mail.GetProperty("headers").GetProperty("Subject").GetString());
    }

    [Fact]
    public async Task What_is_no_address_gets_no_test_mail()
    {
        await using var run = await GatehouseProcess.RunAsync(["doctor", "--mail", "nobody"], await ServeTests.SettingsAsync());

        Assert.Equal((1, "--mail: not a valid e-mail address."), (await run.ExitCodeAsync(), run.Errors));
    }

    [Fact]
    public async Task No_mail_goes_to_a_server_whose_certificate_is_not_trusted()
    {
        const string To = "untrusted@example.org";
        await using var app = await TestApp.StartAsync(settings: Settings(databases: null));
        using var held = app.Clock.Hold();
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.RegisterAsync(To)).Status);
        await TestApp.EventuallyAsync(
            async () => await app.ScalarAsync<long>("select count(*) from runtime.jobs where attempts = 1 and leased_by is null") == 1,
            "the first attempt fails"
        );
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await TestApp.EventuallyAsync(
            async () => await app.ScalarAsync<long>("select count(*) from runtime.jobs where attempts = 2 and leased_by is null") == 1,
            "the second attempt fails"
        );

        Assert.Empty(server.Mails(To));
        Assert.Contains("smtp tls: ", await app.ScalarAsync<string>("select max(reason) from runtime.jobs"), StringComparison.Ordinal);
    }

    private Task<MailServer> ServerAsync(string mode, params string[] options) =>
        MailServer.StartAsync(0, ["--tls", mode, "--certificate", Certificate, "--key", Path.Combine(folder, "key.pem"), .. options]);

    private Dictionary<string, string?> Settings((string Main, string Keys)? databases, MailServer? at = null)
    {
        var settings = databases is { } both
            ? TestApp.Settings(both.Main, both.Keys)
            : new Dictionary<string, string?>(StringComparer.Ordinal);
        settings["Mail:Sender"] = "smtp";
        settings["Mail:From"] = "accounts@example.com";
        settings["Mail:Smtp:Host"] = "localhost";
        settings["Mail:Smtp:Port"] = (at ?? server).Port.ToString(CultureInfo.InvariantCulture);
        settings["Mail:Smtp:Security"] = "starttls";
        return settings;
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            return await http.GetStringAsync(new Uri("/health/ready", UriKind.Relative)) == "ready";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
