using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Pages;

/// <summary>Lets a form through only when it is one, and one of our own pages sent it: the browser says so, and it holds the token that the page put there.</summary>
internal sealed class FormCheck(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!http.Request.ChangesState()) return await next(context);
        if (await RequestForm.ReadAsync(http) is { } unreadable) return unreadable.ToProblem();
        if (!http.ComesFromHere()) return RequestErrors.CrossSite.ToProblem();
        // The page that has the form set it.
        if (!http.Request.Cookies.ContainsKey(FormToken.CookieName)) return RequestErrors.CookiesNeeded.ToProblem();
        return await antiforgery.IsRequestValidAsync(http) ? await next(context) : RequestErrors.CrossSite.ToProblem();
    }
}
