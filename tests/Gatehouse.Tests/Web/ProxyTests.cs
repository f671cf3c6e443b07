using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Core.Configuration;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gatehouse.Tests.Web;

public class ProxyTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("198.51.100.9")]
    public void Without_configured_proxies_nobody_is_believed(string peer)
    {
        var http = Forward([], peer, "203.0.113.7");
        Assert.Equal((IPAddress.Parse(peer), "http", "here"), Seen(http));
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("192.0.2.7")]
    public void A_trusted_proxy_is_believed(string peer)
    {
        var http = Forward(["10.0.0.0/8", "192.0.2.7"], peer, "203.0.113.7");
        Assert.Equal((IPAddress.Parse("203.0.113.7"), "https", "there.example.com"), Seen(http));
    }

    [Fact]
    public void A_foreign_peer_is_not_believed_although_proxies_are_configured() =>
        Assert.Equal(IPAddress.Parse("198.51.100.9"), Forward(["10.0.0.0/8"], "198.51.100.9", "203.0.113.7").Connection.RemoteIpAddress);

    [Fact]
    public void The_walk_ends_at_the_first_address_that_is_not_trusted() =>
        Assert.Equal(
            IPAddress.Parse("203.0.113.7"),
            Forward(["10.0.0.0/8"], "10.0.0.1", "1.1.1.1, 203.0.113.7, 10.0.0.3, 10.0.0.2").Connection.RemoteIpAddress
        );

    [Fact]
    public void Whatever_a_client_writes_it_cannot_choose_its_address()
    {
        var token = Gen.Elements(
            "1.1.1.1",
            "10.0.0.9",
            "::1",
            "[::1]:80",
            "unknown",
            "",
            "_x",
            "1.1.1.1:99999",
            "\u00e9",
            "10.0.0.1\t",
            "999.1.1.1",
            ";",
            "\""
        );
        var header = Gen.ListOf(token).Select(tokens => string.Join(", ", tokens));

        // The trusted proxy appends what it saw, so the client's own text always stands to the left of its true address.
        Prop.ForAll(
                header.ToArbitrary(),
                forged =>
                    Forward(["10.0.0.0/8"], "10.0.0.1", forged + ", 203.0.113.7")
                        .Connection.RemoteIpAddress!.Equals(IPAddress.Parse("203.0.113.7"))
                    && Forward([], "203.0.113.7", forged).Connection.RemoteIpAddress!.Equals(IPAddress.Parse("203.0.113.7"))
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("proxy.example.com")]
    [InlineData("10.0.0.0/33")]
    public void A_setting_that_is_no_address_or_network_is_a_fault(string entry) =>
        Assert.Single(new ProxyOptions { Trusted = ["10.0.0.0/8", entry] }.Check(SettingsMode.Production));

    [Theory]
    [InlineData("127.0.0.1", "there.example.com", 200)]
    [InlineData("127.0.0.1", "first.example.com, there.example.com:8443", 200)]
    [InlineData("127.0.0.1", "there/example", 400)]
    [InlineData("127.0.0.1", "there example", 400)]
    [InlineData("127.0.0.1", "user@there.example.com", 400)]
    [InlineData("127.0.0.1", "[::1", 400)]
    [InlineData("127.0.0.1", "there.example.com:x", 400)]
    [InlineData("127.0.0.1", "there.example.com,", 400)]
    [InlineData("127.0.0.1", "", 400)]
    [InlineData("192.0.2.7", "there/example", 200)]
    public async Task An_odd_host_is_refused_from_a_proxy_that_is_believed_and_nobody_else(string trusted, string forwardedHost, int status)
    {
        await using var host = await HttpHost.StartAsync(
            app => app.MapGet("/here", (HttpContext http) => http.Request.Host.Value),
            new(StringComparer.Ordinal) { ["Gatehouse:Proxies:Trusted"] = trusted }
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/here");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "203.0.113.7");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", forwardedHost);

        using var answer = await host.Client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        var seen = await answer.Content.ReadAsStringAsync();
        if (status == 200)
            Assert.Equal(trusted == "127.0.0.1" ? forwardedHost.Split(", ")[^1] : host.Client.BaseAddress!.Authority, seen);
        else
            Assert.DoesNotContain("there", seen, StringComparison.Ordinal);
    }

    private static (IPAddress? Address, string Scheme, string Host) Seen(HttpContext http) =>
        (http.Connection.RemoteIpAddress, http.Request.Scheme, http.Request.Host.Value!);

    private static DefaultHttpContext Forward(string[] trusted, string peer, string forwardedFor)
    {
        var options = new ForwardedHeadersOptions();
        new ConfigureForwardedHeaders(Options.Create(new ProxyOptions { Trusted = trusted })).Configure(options);
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("here");
        http.Request.Headers["X-Forwarded-For"] = forwardedFor;
        http.Request.Headers["X-Forwarded-Proto"] = "https";
        http.Request.Headers["X-Forwarded-Host"] = "there.example.com";
        ConfigureForwardedHeaders.DropQuotes(http.Request.Headers);
        new ForwardedHeadersMiddleware(_ => Task.CompletedTask, NullLoggerFactory.Instance, Options.Create(options)).ApplyForwarders(http);
        return http;
    }
}
