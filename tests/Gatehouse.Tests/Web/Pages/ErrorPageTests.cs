using System.Net.Http.Json;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Web.Pages;

/// <summary>Rejections and failures where a person reads them.</summary>
public class ErrorPageTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Theory]
    [InlineData("/nowhere", 404, "Page not found")]
    [InlineData("/page", 400, "Invalid request", "POST")]
    [InlineData("/page/refused", 403, "Access denied")]
    [InlineData("/page/away", 503, "Try again in 5 seconds")]
    [InlineData("/page/failing", 500, "Something went wrong")]
    [InlineData("/page/limited", 429, "Try again in 15 minutes")]
    [InlineData("/page/large", 413, "Request too large")]
    [InlineData("/page/json", 415, "The form could not be read")]
    [InlineData("/page/secret", 401, "href=\"/sign-in\"")]
    [InlineData("/page/markup", 400, "&lt;script&gt;")]
    public async Task A_browser_gets_a_page_in_plain_words(string path, int status, string text, string method = "GET")
    {
        await using var host = await StartAsync();
        using var answer = await SendAsync(host, path, Browser, method: method);
        var page = await answer.Content.ReadAsStringAsync();

        // A wrong method is a 405 of its own.
        Assert.Equal(method == "POST" ? 405 : status, (int)answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(text, page, StringComparison.Ordinal);
        Assert.Contains("Tenant &amp; Co", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Equal(ContentPolicy.Page.Value, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Contains("no-store", Assert.Single(answer.Headers.GetValues("Cache-Control")), StringComparison.Ordinal);
        Assert.Contains("Accept", answer.Headers.Vary);
    }

    [Theory]
    [InlineData("/nowhere", null)]
    [InlineData("/nowhere", "*/*")]
    [InlineData("/nowhere", "application/json")]
    [InlineData("/nowhere", "text/html;q=0, application/json")]
    [InlineData("/nowhere", ";;;=,/,text")]
    [InlineData("/v1/nowhere", Browser)]
    [InlineData("/V1/nowhere", Browser)]
    [InlineData("/.well-known/nowhere", Browser)]
    [InlineData("/v1/failing", Browser)]
    [InlineData("/data/refused", Browser)]
    public async Task A_program_gets_a_problem_document(string path, string? accept)
    {
        await using var host = await StartAsync();
        using var answer = await SendAsync(host, path, accept);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotNull((await answer.Content.ReadFromJsonAsync<Problem>())?.Code);
        Assert.Equal(ContentPolicy.Api.Value, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
    }

    [Fact]
    public async Task The_page_is_in_the_language_of_the_cookie_else_of_the_browser()
    {
        await using var host = await StartAsync();
        foreach (
            var (cookie, header, language) in new[]
            {
                (null, "es", "es"),
                ("hi", "es", "hi"),
                ("xx", "es", "es"),
                ("<script>", "hi", "hi"),
                ("", "es", "es"),
            }
        )
        {
            using var answer = await SendAsync(host, "/nowhere", Browser, header, cookie);
            Assert.Contains($"<html lang=\"{language}\">", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_internal_error_names_the_trace_and_nothing_else()
    {
        await using var host = await StartAsync();
        using var answer = await SendAsync(host, "/page/failing", Browser);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Matches("Reference for support: [0-9a-zA-Z:]+", page);
        Assert.DoesNotContain("the secret of the exception", page, StringComparison.Ordinal);
    }

    private static Task<HttpHost> StartAsync() =>
        HttpHost.StartAsync(
            app =>
            {
                var pages = app.MapGroup("/page").WithContentPolicy(ContentPolicy.Page);
                pages.MapGet("", () => Results.Ok());
                pages.MapGet("/refused", () => RequestErrors.Forbidden.ToProblem());
                pages.MapGet("/away", () => RequestErrors.DependencyUnavailable.ToProblem());
                pages.MapGet("/limited", () => RequestErrors.RateLimited.After(TimeSpan.FromMinutes(14.5)).ToProblem());
                pages.MapGet("/large", () => RequestErrors.TooLarge.ToProblem());
                pages.MapGet("/json", () => RequestErrors.ContentType.ToProblem());
                pages.MapGet("/secret", () => RequestErrors.Unauthenticated.ToProblem());
                pages.MapGet("/markup", () => new Error("<script>alert(1)</script>", ErrorKind.Invalid).ToProblem());
                pages.MapGet("/failing", IResult () => throw new InvalidOperationException("the secret of the exception"));
                app.MapGet("/v1/failing", IResult () => throw new InvalidOperationException("x"));
                app.MapGet("/data/refused", () => RequestErrors.Forbidden.ToProblem());
            },
            configure: builder => builder.Services.AddSingleton<ITenantDirectory>(new Directory())
        );

    private static async Task<HttpResponseMessage> SendAsync(
        HttpHost host,
        string path,
        string? accept,
        string? language = null,
        string? cookie = null,
        string method = "GET"
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        if (language is not null)
            request.Headers.Add("Accept-Language", language);
        if (cookie is not null)
            request.Headers.Add("Cookie", "gatehouse-language=" + cookie);
        return await host.Client.SendAsync(request);
    }

    private sealed class Directory : ITenantDirectory
    {
        private static readonly Tenant Only = new(Guid.Empty, "only", "Tenant & Co");

        public ValueTask<Tenant?> FindByNameAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult<Tenant?>(null);

        public ValueTask<Tenant?> FindByHostAsync(string host, CancellationToken cancellationToken) => ValueTask.FromResult<Tenant?>(null);

        public ValueTask<Tenant?> FindDefaultAsync(string host, CancellationToken cancellationToken) => FindOnlyAsync(cancellationToken);

        public ValueTask<Tenant?> FindOnlyAsync(CancellationToken cancellationToken) => ValueTask.FromResult<Tenant?>(Only);

        public ValueTask<Tenant?> FindAsync(Guid id, CancellationToken cancellationToken) => ValueTask.FromResult<Tenant?>(null);
    }
}
