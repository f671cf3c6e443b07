using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server.Hosting;

/// <summary>What each listener shows, in production mode.</summary>
public sealed class ListenerTests(ListenerTests.InProduction running) : IClassFixture<ListenerTests.InProduction>
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("/inbox")]
    [InlineData("/inbox/messages")]
    [InlineData("/inbox/messages?to=ada@example.com")]
    [InlineData("/INBOX/messages")]
    public async Task Production_has_no_inbox(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await app.Users.GetAsync(path)).Status);

    [Fact]
    public async Task The_management_listener_shows_each_dependency_and_the_metrics()
    {
        var health = await app.Management.GetStringAsync(new Uri("/health", UriKind.Relative));
        foreach (var name in new[] { "start-up", "database", "key-store", "delivery" })
            Assert.Contains($"\"name\":\"{name}\"", health, StringComparison.Ordinal);
        Assert.Contains("oldestUnsentSeconds", health, StringComparison.Ordinal);
        Assert.DoesNotContain("Host=", health, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("# TYPE", await app.Management.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
        using var other = await app.Management.GetAsync(new Uri("/v1/usernames/somebody", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Theory]
    [InlineData("GET /metrics HTTP/1.1", "Host: {management}")]
    [InlineData("GET /health HTTP/1.1", "Host: {management}")]
    [InlineData(
        "GET /metrics HTTP/1.1",
        "Host: localhost\r\nX-Forwarded-Host: {management}\r\nX-Forwarded-For: 127.0.0.1\r\nForwarded: host={management}"
    )]
    [InlineData("GET http://{management}/metrics HTTP/1.1", "Host: {management}")]
    [InlineData("GET http://{management}/health HTTP/1.1", "Host: localhost")]
    [InlineData("GET //metrics HTTP/1.1", "Host: localhost")]
    [InlineData("GET /health/../metrics HTTP/1.1", "Host: localhost")]
    public async Task The_main_listener_shows_neither_whatever_a_request_says_of_its_host(string line, string headers)
    {
        var management = app.Management.BaseAddress!.Authority;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, app.Http.BaseAddress!.Port);
        await using var stream = client.GetStream();
        var request = $"{line}\r\n{headers}\r\nConnection: close\r\n\r\n".Replace("{management}", management, StringComparison.Ordinal);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();

        Assert.Matches("^HTTP/1.1 40[04] ", answer);
        Assert.DoesNotContain("# TYPE", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("key-store", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_balancers_get_a_word()
    {
        Assert.Equal("live", (await app.Users.GetAsync("/health/live")).Text);
        Assert.Equal("ready", (await app.Users.GetAsync("/health/ready")).Text);
    }

    /// <summary>An application in production mode.</summary>
    public sealed class InProduction : IAsyncLifetime
    {
        public TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            App = await TestApp.StartAsync(
                development: false,
                settings: SettingsTests
                    .Production.Where(s => !s.Key.StartsWith("Database:", StringComparison.Ordinal) && s.Key != "Keys:Master")
                    .ToDictionary(StringComparer.Ordinal)
            );

        public async ValueTask DisposeAsync() => await App.DisposeAsync();
    }
}
