using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Pages;

/// <summary>Answers a rejection with a page where a user reads it: a browser at the address of a page, or at one where nothing
/// is.</summary>
internal sealed class ErrorPages : IErrorPages
{
    // What programs read; everything else beside the pages answers as itself.
    private static readonly PathString[] OfPrograms = ["/v1", "/.well-known", "/openapi", "/health"];

    public bool IsWanted(HttpContext http) => IsForPeople(http) && TakesPages(http.Request);

    public async Task WriteAsync(HttpContext http, Error error, int status)
    {
        // A failed request has lost its endpoint, and an address without one never had a policy.
        http.Features.Set(ContentPolicy.Page);
        http.Response.Headers.AppendCommaSeparatedValues("Vary", "Accept");
        await new RazorComponentResult<ErrorPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ErrorPage.Error)] = error,
                [nameof(ErrorPage.Status)] = status,
                [nameof(ErrorPage.Service)] = await ServiceAsync(http),
                [nameof(ErrorPage.Trace)] = ProblemResult.TraceId(http),
            }
        )
        {
            StatusCode = status,
        }.ExecuteAsync(http);
    }

    private static bool IsForPeople(HttpContext http)
    {
        var endpoint = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<ContentPolicy>() is { } policy)
            return policy == ContentPolicy.Page;
        return endpoint is not RouteEndpoint
            && !OfPrograms.Any(path => http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));
    }

    // Named outright: programs that say nothing, or take anything, get the document they know.
    private static bool TakesPages(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    private static async ValueTask<string> ServiceAsync(HttpContext http)
    {
        if (http.Features.Get<Actor>() is { } actor)
            return actor.Tenant.DisplayName;
        var tenants = http.RequestServices.GetRequiredService<ITenantDirectory>();
        var tenant =
            await tenants.FindByHostAsync(http.Request.Host.Host, CancellationToken.None)
            ?? await tenants.FindDefaultAsync(http.Request.Host.Host, CancellationToken.None);
        return tenant?.DisplayName ?? "Gatehouse";
    }
}
