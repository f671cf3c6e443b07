using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Tests.Web;

public class SecurityHeadersTests
{
    [Theory]
    [InlineData("Strict-Transport-Security", "max-age=63072000; includeSubDomains")]
    [InlineData("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")]
    [InlineData("X-Content-Type-Options", "nosniff")]
    [InlineData("X-Frame-Options", "DENY")]
    [InlineData("Referrer-Policy", "no-referrer")]
    [InlineData("Cross-Origin-Opener-Policy", "same-origin")]
    [InlineData("Cross-Origin-Resource-Policy", "same-origin")]
    [InlineData("Cache-Control", "no-store")]
    public async Task Every_answer_carries_the_header(string name, string value)
    {
        await using var host = await StartAsync("Production");
        foreach (var path in (string[])["/data", "/nowhere"])
            Assert.Equal(value, await HeaderAsync(host, path, name));
    }

    [Fact]
    public async Task A_failure_carries_them_too()
    {
        await using var host = await StartAsync("Production");
        Assert.Equal(ContentPolicy.Api.Value, await HeaderAsync(host, "/failing", "Content-Security-Policy"));
        Assert.Contains("no-store", await HeaderAsync(host, "/failing", "Cache-Control"), StringComparison.Ordinal);
        Assert.Contains("camera=()", await HeaderAsync(host, "/failing", "Permissions-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Development_does_not_pin_the_browser_to_TLS()
    {
        await using var host = await StartAsync("Development");
        Assert.Null(await HeaderAsync(host, "/data", "Strict-Transport-Security"));
    }

    [Fact]
    public async Task An_endpoint_may_name_its_own_content_policy_and_caching()
    {
        await using var host = await StartAsync("Production");
        Assert.Equal(ContentPolicy.Page.Value, await HeaderAsync(host, "/page", "Content-Security-Policy"));
        Assert.Equal("public, max-age=60", await HeaderAsync(host, "/page", "Cache-Control"));
        Assert.Null(await HeaderAsync(host, "/page", "Server"));
    }

    private static Task<HttpHost> StartAsync(string environment) =>
        HttpHost.StartAsync(
            app =>
            {
                app.MapGet("/data", () => Results.Ok());
                app.MapGet("/failing", IResult () => throw new InvalidOperationException("x"));
                app.MapGet(
                        "/page",
                        (HttpContext http) =>
                        {
                            http.Response.Headers.CacheControl = "public, max-age=60";
                            return Results.Ok();
                        }
                    )
                    .WithContentPolicy(ContentPolicy.Page);
            },
            environment: environment
        );

    private static async Task<string?> HeaderAsync(HttpHost host, string path, string name)
    {
        using var answer = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
    }
}
