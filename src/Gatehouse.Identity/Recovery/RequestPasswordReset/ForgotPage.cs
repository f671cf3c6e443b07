using Gatehouse.Core.Results;
using Gatehouse.Identity.Captcha;
using Gatehouse.Identity.Verification;
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
        pages.MapGet(Path, (HttpContext http) => Show(http, Of(http.TakeTyped(Path, fields: 2)), error: null)).AllowAnonymous();
        pages
            .MapPost(Path, SubmitAsync)
            .AllowAnonymous()
            .LimitBy(RecoveryArea.ResetLimit)
            .FormOf(Path, "identifier", RegionField.Name)
            .Once();
    }

    private static async Task<IResult> SubmitAsync(
        RequestPasswordReset.Handler handler,
        ResetPages next,
        CaptchaGuard captcha,
        HttpContext http
    )
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var request = Of([form["identifier"].ToString(), form[RegionField.Name].ToString()]) with { CaptchaToken = captcha.TokenIn(form) };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Match(
            asked => next.Begin(http, asked.ResetId, IdentifierInput.Whole(request.Identifier, request.Region)),
            error => Show(http, request, error)
        );
    }

    private static RequestPasswordReset.Request Of(IReadOnlyList<string>? fields) =>
        new() { Identifier = fields?[0], Region = string.IsNullOrEmpty(fields?[1]) ? null : fields[1] };

    private static RazorComponentResult Show(HttpContext http, RequestPasswordReset.Request typed, Error? error) =>
        http.Page<ForgotForm>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ForgotForm.Identifier)] = typed.Identifier,
                [nameof(ForgotForm.Region)] = typed.Region,
                [nameof(ForgotForm.Error)] = error,
            },
            error
        );
}
