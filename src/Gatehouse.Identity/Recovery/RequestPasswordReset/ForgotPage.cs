using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Recovery;

/// <summary>
/// The form that asks for a new password; the code is entered on the next page (<see cref="ResetPages"/>), whoever asked for whatever.
/// </summary>
internal static class ForgotPage
{
    public const string Path = "/forgot";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, (HttpContext http) => Show(http, http.TakeTyped(Path, fields: 1)?[0], error: null)).AllowAnonymous();
        pages.MapPost(Path, SubmitAsync).AllowAnonymous().LimitBy(RecoveryArea.ResetLimit).FormOf(Path, "identifier").Once();
    }

    private static async Task<IResult> SubmitAsync(RequestPasswordReset.Handler handler, ResetPages next, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var request = new RequestPasswordReset.Request { Identifier = form["identifier"] };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Match(asked => next.Begin(http, asked.ResetId, request.Identifier), error => Show(http, request.Identifier, error));
    }

    private static RazorComponentResult Show(HttpContext http, string? identifier, Error? error) =>
        http.Page<ForgotForm>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ForgotForm.Identifier)] = identifier,
                [nameof(ForgotForm.Error)] = error,
            },
            error
        );
}
