using System.Security.Claims;
using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Pages;

/// <summary>
/// Lets a form of a page through only when it is one, and one of our own pages sent it: the browser says so, and it holds the token that the page
/// put there. It is asked before authentication, which lets cookies count at pages because of it.
/// </summary>
internal sealed class AntiforgeryMiddleware(RequestDelegate next, IAntiforgery antiforgery)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var refusal = http.Request.ChangesState() && http.HasMark<PageMark>() ? await RefusalAsync(http) : null;
        await (refusal is null ? next(http) : refusal.ToProblem().ExecuteAsync(http));
    }

    private async Task<Error?> RefusalAsync(HttpContext http)
    {
        if (await RequestForm.ReadAsync(http) is { } unreadable) return unreadable;
        var refusal = await SenderRefusalAsync(http);
        // A page of ours names the field and keeps what was typed; whoever else sends such text has not sent a form.
        return refusal is not null && RequestForm.HasControlCharacters(http.Request.Form) ? RequestErrors.Malformed : refusal;
    }

    private async Task<Error?> SenderRefusalAsync(HttpContext http)
    {
        if (!http.ComesFromHere()) return RequestErrors.CrossSite;
        // The page that has the form set it.
        if (!http.Request.Cookies.ContainsKey(FormToken.CookieName)) return RequestErrors.CookiesNeeded;
        // The token is the browser's, not the person's: see FormToken.
        http.User = new ClaimsPrincipal();
        return await antiforgery.IsRequestValidAsync(http) ? null : RequestErrors.CrossSite;
    }
}
