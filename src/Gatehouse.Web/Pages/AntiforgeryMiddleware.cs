using System.Security.Claims;
using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Pages;

/// <summary>
/// Lets a form of a page through only when it is one, and one of our own pages sent it: it holds the token that the page put there, and the
/// browser does not name another site. It is asked before authentication, which lets cookies count at pages because of it.
/// </summary>
internal sealed class AntiforgeryMiddleware(RequestDelegate next, IAntiforgery antiforgery)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var rejection = http.Request.ChangesState() && http.HasMark<PageMark>() ? await RejectionAsync(http) : null;
        await (rejection is null ? next(http) : ToResult(rejection, http).ExecuteAsync(http));
    }

    // What was not read is nobody's form; that it is too large may be said to anybody.
    private static IResult ToResult(Error rejection, HttpContext http) =>
        rejection.Code == RequestErrors.TooLarge.Code && http.GetEndpoint()?.Metadata.GetMetadata<FileFormMark>() is { } file
            ? http.SeeOther((file.Page ?? http.Request.Path.ToUriComponent()) + file.TooLarge)
            : rejection.ToProblem();

    private async Task<Error?> RejectionAsync(HttpContext http)
    {
        if (await RequestForm.ReadAsync(http) is { } unreadable)
            return unreadable;
        var rejection = await SenderRejectionAsync(http);
        // A page of ours names the field and keeps what was typed; whoever else sends such text has not sent a form.
        return rejection is not null && RequestForm.HasControlCharacters(http.Request.Form) ? RequestErrors.Malformed : rejection;
    }

    private async Task<Error?> SenderRejectionAsync(HttpContext http)
    {
        if (http.IsFromElsewhere())
            return RequestErrors.CrossSite;
        // The page that has the form set it.
        if (!http.Request.Cookies.ContainsKey(FormToken.CookieName))
            return RequestErrors.CookiesNeeded;
        // The token is the browser's, not the user's: see FormToken.
        http.User = new ClaimsPrincipal();
        return await antiforgery.IsRequestValidAsync(http) ? null : RequestErrors.CrossSite;
    }
}
