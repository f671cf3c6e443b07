using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Pages;

public static class PageExtensions
{
    public static IServiceCollection AddGatehousePages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton<IErrorPages, ErrorPages>();
        return services;
    }

    /// <summary>The group of a module's pages: tenant, content policy of pages, left out of the API's document.</summary>
    public static RouteGroupBuilder MapPages(this IEndpointRouteBuilder routes) =>
        routes
            .MapGroup("")
            .WithContentPolicy(ContentPolicy.Page)
            .WithMetadata(
                ReadyMark.Instance,
                ActorMark.Instance,
                new PageMark(RedirectToSignInExtensions.RedirectToSignIn),
                RenewalMark.Instance
            )
            .ExcludeFromDescription();

    /// <summary>Puts pages into the first tenant of the installation, whatever the request says; nobody is signed in there.</summary>
    public static RouteGroupBuilder InFirstTenant(this RouteGroupBuilder pages) => pages.WithMetadata(PlatformMark.Instance);

    /// <summary>Leads the browser on after a form, so that going back or reloading sends nothing twice.</summary>
    public static IResult SeeOther(this HttpContext http, string localPath)
    {
        http.Response.Headers.Location = LocalPath.OrHome(localPath);
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>Shows a page of a form again, with its rejection where there is one and the status that belongs to it.</summary>
    public static RazorComponentResult Page<TPage>(this HttpContext http, IReadOnlyDictionary<string, object?> parameters, Error? error)
        where TPage : IComponent =>
        http.Page<TPage>(parameters, error is null ? StatusCodes.Status200OK : error.ToProblem().StatusCode!.Value);

    /// <summary>Tells a rejection beside the field that mends it, where it is one of <paramref name="mended"/>; the others are about the
    /// whole form.</summary>
    public static Error? AtField(this Error? error, string field, params IReadOnlyList<Error> mended) =>
        error is not null && mended.Any(one => one.Code == error.Code)
            ? RequestErrors.Invalid.With([
                new FieldError
                {
                    Field = field,
                    Code = error.Code,
                    Values = error.Facts,
                },
            ])
            : error;

    /// <summary>Answers with a static page.</summary>
    public static RazorComponentResult Page<TPage>(
        this HttpContext http,
        IReadOnlyDictionary<string, object?> parameters,
        int status = StatusCodes.Status200OK
    )
        where TPage : IComponent
    {
        http.Response.StatusCode = status;
        return new RazorComponentResult<TPage>(parameters) { StatusCode = status };
    }
}
