using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity;

namespace Gatehouse.SystemTests.Http;

/// <summary>The limits of numbers for one client address, as production applies them.</summary>
[Collection<OneProxiedApp>]
public sealed class RateLimitTests(ProxiedApp proxied, RateLimitTests.Direct direct) : IClassFixture<RateLimitTests.Direct>
{
    private readonly TestApp app = proxied.App;

    [Fact]
    public async Task Ten_registrations_an_hour_come_from_one_address_whatever_it_says_of_itself()
    {
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await RegisterAsync(direct.App, $"203.0.113.{i}")).Status);
        var refused = await RegisterAsync(direct.App, "203.0.113.99");

        Assert.Equal((HttpStatusCode.TooManyRequests, "request.rate-limited"), (refused.Status, refused.Code));
        Assert.InRange(refused.RetryAfter(), 3_500, 3_600);
        Assert.Equal("\"register\";q=10;w=3600", refused.Header("RateLimit-Policy"));
        Assert.StartsWith("\"register\";r=0;t=", refused.Header("RateLimit"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await direct.App.Users.GetAsync("/v1/usernames/ada")).Status);
    }

    [Fact]
    public async Task Thirty_sign_ins_and_sixty_refreshes_come_from_one_address_whatever_it_says_of_itself()
    {
        for (var i = 0; i < 30; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await SignInAsync(i)).Status);
        var refused = await SignInAsync(99);
        Assert.Equal((HttpStatusCode.TooManyRequests, "request.rate-limited"), (refused.Status, refused.Code));
        Assert.Equal("\"sign-in\";q=30;w=300", refused.Header("RateLimit-Policy"));

        for (var i = 0; i < 60; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await RefreshAsync(i)).Status);
        refused = await RefreshAsync(99);
        Assert.Equal((HttpStatusCode.TooManyRequests, "request.rate-limited"), (refused.Status, refused.Code));
        Assert.Equal("\"refresh\";q=60;w=60", refused.Header("RateLimit-Policy"));

        // Refused for their bodies; they count all the same.
        Task<Answer> SignInAsync(int i) => direct.App.Users.PostAsync("/v1/sessions", new { }, ("X-Forwarded-For", $"203.0.113.{i}"));

        Task<Answer> RefreshAsync(int i) =>
            direct.App.Users.PostAsync("/v1/tokens/refresh", new { }, ("X-Forwarded-For", $"203.0.113.{i}"));
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_each_address_and_each_network_of_64_bits_counts_by_itself()
    {
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await RegisterAsync(app, $"2001:db8:0:1::{i:x}")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await RegisterAsync(app, "2001:db8:0:1:ffff::1")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await RegisterAsync(app, "2001:db8:0:2::1")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await RegisterAsync(app, "203.0.113.7")).Status);
        // What stands before the address the proxy saw was written by the client.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await RegisterAsync(app, "203.0.113.8, 2001:db8:0:1::77")).Status);

        for (var i = 0; i < 30; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await VerifyAsync()).Status);
        var refused = await VerifyAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal("\"verify\";q=30;w=600", refused.Header("RateLimit-Policy"));
    }

    // Refused for its body, so that no hash is spent on it; it counts all the same.
    private static Task<Answer> RegisterAsync(TestApp app, string from) =>
        app.Users.PostAsync("/v1/registrations", new { }, ("X-Forwarded-For", from));

    private Task<Answer> VerifyAsync() => app.Users.PostAsync("/v1/registrations/confirm", new { }, ("X-Forwarded-For", "203.0.113.7"));

    /// <summary>An application that trusts no proxy.</summary>
    public sealed class Direct : IAsyncLifetime
    {
        public TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            App = await TestApp.StartAsync(
                settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["RateLimits:ApplyInDevelopment"] = "true" }
            );

        public async ValueTask DisposeAsync() => await App.DisposeAsync();
    }
}
