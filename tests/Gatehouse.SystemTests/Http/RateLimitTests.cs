using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Http;

/// <summary>The limits of numbers for one client address, as production applies them.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private TestApp app = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Ten_registrations_an_hour_come_from_one_address_whatever_it_says_of_itself()
    {
        app = await StartAsync(trusted: "");

        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await RegisterAsync($"203.0.113.{i}")).Status);
        var refused = await RegisterAsync("203.0.113.99");

        Assert.Equal((HttpStatusCode.TooManyRequests, "request.rate-limited"), (refused.Status, refused.Code));
        Assert.InRange(refused.RetryAfter(), 3_500, 3_600);
        Assert.Equal("\"register\";q=10;w=3600", refused.Header("RateLimit-Policy"));
        Assert.StartsWith("\"register\";r=0;t=", refused.Header("RateLimit"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.GetAsync("/v1/usernames/ada")).Status);
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_each_address_and_each_network_of_64_bits_counts_by_itself()
    {
        app = await StartAsync(trusted: "127.0.0.1");

        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await RegisterAsync($"2001:db8:0:1::{i:x}")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await RegisterAsync("2001:db8:0:1:ffff::1")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await RegisterAsync("2001:db8:0:2::1")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await RegisterAsync("203.0.113.7")).Status);
        // What stands before the address the proxy saw was written by the client.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await RegisterAsync("203.0.113.8, 2001:db8:0:1::77")).Status);

        for (var i = 0; i < 30; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await VerifyAsync()).Status);
        var refused = await VerifyAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal("\"verify\";q=30;w=600", refused.Header("RateLimit-Policy"));
    }

    private static Task<TestApp> StartAsync(string trusted) =>
        TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["RateLimits:ApplyInDevelopment"] = "true",
                ["Proxies:Trusted"] = trusted,
            }
        );

    // Refused for its body, so that no hash is spent on it; it counts all the same.
    private Task<Answer> RegisterAsync(string from) => app.Users.PostAsync("/v1/registrations", new { }, ("X-Forwarded-For", from));

    private Task<Answer> VerifyAsync() => app.Users.PostAsync("/v1/registrations/confirm", new { }, ("X-Forwarded-For", "203.0.113.7"));
}
