using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Web;

public class RateLimitsTests
{
    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void One_subscriber_is_one_client(string one, string other, bool same) =>
        Assert.Equal(
            same,
            RateLimitKey.Of(RateLimitPolicy.Other, IPAddress.Parse(one)) == RateLimitKey.Of(RateLimitPolicy.Other, IPAddress.Parse(other))
        );

    [Fact]
    public async Task The_eleventh_registration_of_an_hour_is_refused_with_its_waiting_time()
    {
        await using var host = await StartAsync([]);
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(host, "/register")).StatusCode);

        using var refused = await GetAsync(host, "/register");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromHours(1), refused.Headers.RetryAfter?.Delta);
        Assert.Equal("request.rate-limited", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(host, "/other")).StatusCode);
    }

    [Fact]
    public async Task Every_limited_answer_says_where_the_client_stands_failures_too()
    {
        await using var host = await StartAsync([]);
        using var first = await GetAsync(host, "/register");
        Assert.Equal(("\"register\";q=10;w=3600", "\"register\";r=9;t=3600"), Limits(first));
        using var unknown = await GetAsync(host, "/nowhere");
        Assert.Equal(("\"other\";q=300;w=60", "\"other\";r=299;t=60"), Limits(unknown));
        using var failing = await GetAsync(host, "/failing");
        Assert.Equal("\"other\";r=298;t=60", Limits(failing).Limit);
    }

    [Fact]
    public async Task Limits_are_settings()
    {
        await using var host = await StartAsync(
            new() { ["Gatehouse:RateLimits:Verify:Permits"] = "1", ["Gatehouse:RateLimits:Verify:Window"] = "5s" }
        );
        Assert.Equal("\"verify\";q=1;w=5", Limits(await GetAsync(host, "/verify")).Policy);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GetAsync(host, "/verify")).StatusCode);
    }

    [Fact]
    public async Task Development_is_wide_open_unless_told_otherwise_and_probes_are_free()
    {
        var one = new Dictionary<string, string?> { ["Gatehouse:RateLimits:Verify:Permits"] = "1" };
        await using (var open = await StartAsync(one, "Development"))
        {
            for (var i = 0; i < 3; i++)
                Assert.Equal(HttpStatusCode.OK, (await GetAsync(open, "/verify")).StatusCode);
        }

        one["Gatehouse:RateLimits:ApplyInDevelopment"] = "true";
        await using var closed = await StartAsync(one, "Development");
        await GetAsync(closed, "/verify");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GetAsync(closed, "/verify")).StatusCode);
        Assert.Equal((null, null), Limits(await GetAsync(closed, "/probe")));
    }

    private static Task<HttpHost> StartAsync(Dictionary<string, string?> settings, string environment = "Production") =>
        HttpHost.StartAsync(
            app =>
            {
                app.MapGet("/register", () => Results.Ok()).LimitBy(AccountsArea.RegisterLimit);
                app.MapGet("/verify", () => Results.Ok()).LimitBy(VerificationArea.VerifyLimit);
                app.MapGet("/probe", () => Results.Ok()).LimitBy(RateLimitPolicy.None);
                app.MapGet("/other", () => Results.Ok());
                app.MapGet("/failing", IResult () => throw new InvalidOperationException("x"));
            },
            settings,
            builder =>
                builder
                    .Services.AddRateLimits<AccountsLimits>(builder.Configuration)
                    .AddRateLimits<VerificationLimits>(builder.Configuration)
                    .AddSingleton<IRateLimitStore>(new MemoryRateLimitStore(new StillClock())),
            environment
        );

    private static Task<HttpResponseMessage> GetAsync(HttpHost host, string path) => host.Client.GetAsync(new Uri(path, UriKind.Relative));

    private static (string? Policy, string? Limit) Limits(HttpResponseMessage answer) =>
        (Header(answer, "RateLimit-Policy"), Header(answer, "RateLimit"));

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : null;
}
