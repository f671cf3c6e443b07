using Gatehouse.Core.Results;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Recovery;

/// <summary>
/// The page behind the link in the mail. Opening it changes nothing, because mail scanners follow links; the button posts.
/// </summary>
internal static class ResetPasswordPage
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(SendResetMessage.LinkPath, (string? id, string? token, HttpContext http) => Show(http, new ResetForm(id, token), error: null))
            .AllowAnonymous();
        pages.MapPost(SendResetMessage.LinkPath, SubmitAsync)
            .AllowAnonymous()
            .LimitBy(VerificationArea.VerifyLimit);
    }

    public static RazorComponentResult ShowDone(HttpContext http) => Show(http, new ResetForm(Id: null, Token: null) { Done = true }, error: null);

    private static async Task<IResult> SubmitAsync(CompletePasswordReset.Handler handler, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (id, token) = (form["id"].ToString(), form["token"].ToString());
        if (!Guid.TryParse(id, out var reset)) return Show(http, new ResetForm(id, token), VerificationErrors.LinkInvalid);

        var request = new CompletePasswordReset.Request { Token = token, Password = form["password"] };
        var outcome = await handler.HandleAsync(reset, request, new ValidationErrors(), http.Actor(), http.RequestAborted);
        return outcome.Match(
            _ => ShowDone(http),
            error => Show(http, new ResetForm(id, token), error));
    }

    private static RazorComponentResult Show(HttpContext http, ResetForm form, Error? error) => http.Page<ResetPage>(
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ResetPage.Form)] = form,
            [nameof(ResetPage.Error)] = error,
        },
        error);
}

/// <summary>What the page shows; the password is never shown again.</summary>
public sealed record ResetForm(string? Id, string? Token)
{
    public bool Done { get; init; }
}
