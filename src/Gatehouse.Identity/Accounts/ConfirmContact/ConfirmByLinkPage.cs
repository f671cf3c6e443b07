using Gatehouse.Core.Results;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// The page behind the link in the mail. Opening it changes nothing, because mail scanners follow links; the button posts. No session is begun:
/// the browser that opened the mail may be anybody's.
/// </summary>
internal static class ConfirmByLinkPage
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(RegistrationMessage.LinkPath, (string? token, HttpContext http) => Show(http, new ConfirmForm(token, Username: null), error: null))
            .AllowAnonymous();
        pages.MapPost(RegistrationMessage.LinkPath, SubmitAsync)
            .AllowAnonymous()
            .LimitBy(VerificationArea.VerifyLimit);
    }

    private static async Task<IResult> SubmitAsync(ConfirmByLink.Handler handler, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var request = new ConfirmByLink.Request { Token = form["token"], Password = Blank(form["password"]), Username = Blank(form["username"]) };
        var outcome = await handler.HandleAsync(request, new ValidationErrors(), http.Actor(), beginsSession: false, http.RequestAborted);
        return outcome.Match(
            _ => Show(http, new ConfirmForm(Token: null, Username: null) { Done = true }, error: null),
            error => Show(http, new ConfirmForm(request.Token, request.Username) { AsksUsername = error.Code == AccountsErrors.UsernameTaken.Code }, error));
    }

    private static string? Blank(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static RazorComponentResult Show(HttpContext http, ConfirmForm form, Error? error) => http.Page<ConfirmPage>(
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ConfirmPage.Form)] = form,
            [nameof(ConfirmPage.Error)] = error.AtField("password", PasswordsErrors.PasswordWrong).AtField("username", AccountsErrors.UsernameTaken),
        },
        error);
}

/// <summary>What the page shows; the password is never shown again.</summary>
public sealed record ConfirmForm(string? Token, string? Username)
{
    public bool Done { get; init; }

    public bool AsksUsername { get; init; }
}
