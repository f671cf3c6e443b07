using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Notifications.Mail;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Web.Health;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>Where messages may be posted to, and how an operator learns that the URL is a wrong one.</summary>
[Collection<OneMailer>]
public sealed class HttpSenderAddressTests(MailerApp running) : IAsyncLifetime
{
    private TestApp App => running.App;

    private MailerServer Server => running.Server;

    public async ValueTask InitializeAsync() => await running.EmptyAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_is_not_followed_and_is_shown_as_a_mistake_in_the_settings(int status)
    {
        Server.Answer = (_, http) =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        var email = TestUsers.NewEmail();
        await App.Users.RegisterAsync(email);
        var reason = $"http {status}: Mail:Http:Url redirects, and redirects are not followed";
        await MailerApp.PutOffAsync(App, reason);

        Assert.DoesNotContain(Server.Requests, r => r.Target == "/elsewhere");
        Assert.Contains(App.Logs.Lines, l => MailerApp.IsLine(l, "Error", $"accepts nothing from Gatehouse ({reason})"));
        Assert.Equal(reason, await MailerApp.TroubleAsync(App));
        Assert.Equal((FindingLevel.Error, reason), await ExaminedAsync(App));
        var test = await App.Services.GetRequiredService<MailCheck>().SendTestAsync("operator@example.org", CancellationToken.None);
        Assert.Equal((FindingLevel.Error, $"was not accepted: {reason}"), (test.Level, test.Text));

        await running.AcceptedAfterAllAsync(App, email);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("[fd00::1]")]
    public async Task A_private_address_gets_nothing_unless_a_setting_allows_it(string host)
    {
        var url = new UriBuilder(Server.Url) { Host = host }.ToString();
        await using var app = await MailerApp.StartAsync(url, ("Mail:Http:AllowPrivateAddresses", null));

        await app.Users.RegisterAsync(TestUsers.NewEmail());

        await MailerApp.PutOffAsync(app, "http private address");
        Assert.Empty(Server.Requests);
        Assert.StartsWith("http private address", await MailerApp.TroubleAsync(app), StringComparison.Ordinal);
        var (level, text) = await ExaminedAsync(app);
        Assert.Equal(FindingLevel.Error, level);
        Assert.Contains("Mail:Http:AllowPrivateAddresses is false", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailer_whose_certificate_is_not_trusted_gets_nothing()
    {
        using var certificate = SelfSigned();
        await using var stranger = await MailerServer.StartAsync(certificate);
        await using var app = await MailerApp.StartAsync(stranger.Url);

        await app.Users.RegisterAsync(TestUsers.NewEmail());

        await MailerApp.PutOffAsync(app, "http tls");
        Assert.Empty(stranger.Requests);
        Assert.Equal(FindingLevel.Error, (await ExaminedAsync(app)).Level);
    }

    [Fact]
    public async Task With_the_mailer_away_registration_answers_and_the_message_waits()
    {
        var gone = await MailerServer.StartAsync();
        var url = gone.Url;
        await gone.DisposeAsync();
        await using var app = await MailerApp.StartAsync(url);

        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.RegisterAsync(TestUsers.NewEmail())).Status);

        await MailerApp.PutOffAsync(app, "http away");
        Assert.Equal((FindingLevel.Advice, "http away"), await ExaminedAsync(app));
    }

    [Fact]
    public async Task The_doctor_asks_without_a_message_and_sends_one_if_told_to()
    {
        Assert.Equal((FindingLevel.Good, "the mailer at Mail:Http:Url answers (http)"), await ExaminedAsync(App));
        Assert.DoesNotContain(Server.Requests, r => r.Method == "POST");

        var test = await App.Services.GetRequiredService<MailCheck>().SendTestAsync("operator@example.org", CancellationToken.None);

        Assert.Equal(FindingLevel.Good, test.Level);
        Assert.Contains("Test mail", Assert.Single(Server.To("operator@example.org")).Body, StringComparison.Ordinal);
    }

    private static async Task<(FindingLevel Level, string Text)> ExaminedAsync(TestApp app)
    {
        var findings = await app.Services.GetRequiredService<Doctor>().ExamineAsync(CancellationToken.None);
        var finding = findings.Single(f => f.Subject == "mail");
        return (finding.Level, finding.Text);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), password: null);
    }
}
