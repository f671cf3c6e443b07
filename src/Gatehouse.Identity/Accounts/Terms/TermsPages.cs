using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.SignIn;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Accounts;

/// <summary>Where a user accepts terms that are new since the last time, before the pages of the account and before applications.</summary>
internal static class TermsPages
{
    public static readonly IReadOnlyList<string> Fields = ["version"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(ITermsOfService.Page, (string? then, HttpContext http) => ShowAsync(http, then, error: null)).RequireSignIn();
        pages
            .MapPost(ITermsOfService.Page, AcceptAsync)
            .RequireSignIn()
            .FormOf(ITermsOfService.Page, [.. Fields, ITermsOfService.ThenField]);
    }

    /// <summary>Leads to the acceptance first while the user has not accepted the present terms.</summary>
    public static RouteHandlerBuilder TermsFirst(this RouteHandlerBuilder page) =>
        page.AddEndpointFilter(
            async (context, next) =>
            {
                var http = context.HttpContext;
                var terms = http.RequestServices.GetRequiredService<ITermsOfService>();
                return await terms.AreDueAsync(http.Actor(), http.RequestAborted)
                    ? http.SeeOther(ITermsOfService.Before(http.Request.Path))
                    : await next(context);
            }
        );

    private static async Task<IResult> AcceptAsync(AcceptTerms.Handler handler, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var then = form[ITermsOfService.ThenField].ToString();
        var request = new AcceptTerms.Request { Version = form["version"] };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Error is { } error && error.Code != AccountsErrors.NoTerms.Code
            ? await ShowAsync(http, then, error)
            : http.SeeOther(LocalPath.AfterSignIn(then));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string? then, Error? error)
    {
        if (error is { Kind: ErrorKind.Unauthenticated })
            return AccountPages.Failed(error, http);
        if (http.Actor().Tenant.Terms is not { } terms)
            return http.SeeOther(LocalPath.AfterSignIn(then));
        return http.Page<TermsPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(TermsPage.Terms)] = TermsDueView.Of(terms, http.Language()),
                [nameof(TermsPage.Then)] = then,
                [nameof(TermsPage.Occasion)] = await SignInPage.AllowOccasionAsync(http, then),
                [nameof(TermsPage.Error)] = error,
            },
            error
        );
    }
}
