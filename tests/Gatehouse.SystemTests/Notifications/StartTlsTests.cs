using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>
/// STARTTLS against a server whose certificate this machine does not know. What a process trusts is fixed when it first looks, so the server
/// that is told to trust it (SSL_CERT_FILE) is a process of its own.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class StartTlsTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("starttls").FullName;
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
        server = await MailServer.StartAsync(tls: (Certificate, Path.Combine(folder, "key.pem")));
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
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Gatehouse.Server.dll"));
        start.ArgumentList.Add("serve");
        foreach (var (name, value) in Settings(databases)) start.Environment["GATEHOUSE__" + name.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()] = value;
        start.Environment["GATEHOUSE__HTTP__PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["GATEHOUSE__HTTP__PUBLICURL"] = "https://accounts.example.com";
        start.Environment["SSL_CERT_FILE"] = Certificate;
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await TestApp.EventuallyAsync(() => IsReadyAsync(http), "the server is ready", seconds: 30);
            using var started = await http.PostAsJsonAsync("/v1/registrations", new { email = To, name = "Ada", password = TestUsers.Password });
            Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);

            Assert.True((await server.MailAsync(To)).GetProperty("encrypted").GetBoolean());
        }
        finally
        {
            using var stop = Process.Start("/bin/kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System));
            if (!process.HasExited) process.Kill();
        }

        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task No_mail_goes_to_a_server_whose_certificate_is_not_trusted()
    {
        const string To = "untrusted@example.org";
        await using var app = await TestApp.StartAsync(settings: Settings(databases: null));
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.RegisterAsync(To)).Status);
        await TestApp.EventuallyAsync(async () => await app.ScalarAsync<long>("select count(*) from runtime.jobs where attempts = 1 and leased_by is null") == 1, "the first attempt fails");
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await TestApp.EventuallyAsync(async () => await app.ScalarAsync<long>("select count(*) from runtime.jobs where attempts = 2 and leased_by is null") == 1, "the second attempt fails");

        Assert.Empty(server.Mails(To));
    }

    private Dictionary<string, string?> Settings((string Main, string Keys)? databases)
    {
        var settings = databases is { } both ? TestApp.Settings(both.Main, both.Keys) : new Dictionary<string, string?>(StringComparer.Ordinal);
        settings["Mail:Sender"] = "smtp";
        settings["Mail:From"] = "accounts@example.com";
        settings["Mail:Smtp:Host"] = "localhost";
        settings["Mail:Smtp:Port"] = server.Port.ToString(CultureInfo.InvariantCulture);
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
