using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Accounts;

/// <summary>Where a user accepts terms that are new since the last time, before the pages of the account.</summary>
internal static class TermsPages
{
    public const string Path = "/terms";
    public const string ThenField = "then";

    public static readonly IReadOnlyList<string> Fields = ["version"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, (string? then, HttpContext http) => Show(http, then, error: null)).RequireSignIn();
        pages.MapPost(Path, AcceptAsync).RequireSignIn().FormOf(Path, [.. Fields, ThenField]);
    }

    /// <summary>Leads to the acceptance first while the user has not accepted the present terms.</summary>
    public static RouteHandlerBuilder TermsFirst(this RouteHandlerBuilder page) =>
        page.AddEndpointFilter(
            async (context, next) =>
            {
                var http = context.HttpContext;
                if (http.Actor().Tenant.Terms is null)
                    return await next(context);
                var me = http.RequestServices.GetRequiredService<GetMe.Handler>();
                var user = await me.HandleAsync(http.Actor(), http.RequestAborted);
                return user.Error is null && user.Value.TermsDue is not null
                    ? http.SeeOther(Path + QueryString.Create(ThenField, http.Request.Path))
                    : await next(context);
            }
        );

    private static async Task<IResult> AcceptAsync(AcceptTerms.Handler handler, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var then = form[ThenField].ToString();
        var request = new AcceptTerms.Request { Version = form["version"] };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Error is { } error && error.Code != AccountsErrors.NoTerms.Code
            ? Show(http, then, error)
            : http.SeeOther(LocalOrAccount(then));
    }

    private static IResult Show(HttpContext http, string? then, Error? error) =>
        error is { Kind: ErrorKind.Unauthenticated } ? AccountPages.Failed(error, http)
        : http.Actor().Tenant.Terms is not { } terms ? http.SeeOther(LocalOrAccount(then))
        : http.Page<TermsPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(TermsPage.Terms)] = TermsDueView.Of(terms, http.Language()),
                [nameof(TermsPage.Then)] = then,
                [nameof(TermsPage.Error)] = error,
            },
            error
        );

    private static string LocalOrAccount(string? then) =>
        then is AccountPages.Path or AccountPages.SecurityPath or AccountPages.SessionsPath ? then : AccountPages.Path;
}
