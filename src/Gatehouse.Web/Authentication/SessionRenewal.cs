using Gatehouse.Core.Actors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>
/// Continues the session of a browser whose access cookie is over or broken, by its refresh cookie, at pages and at what is marked with
/// <c>RenewSession</c>: the browser gets the next tokens, and the request is the person's from here on.
/// </summary>
internal sealed class SessionRenewal(RequestDelegate next, ISessionRenewal? renewal = null)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (renewal is not null && http.HasMark<RenewalMark>() && http.Caller() is { Person: null } caller && http.MayUseCookies()
            && http.RefreshCookie() is { } cookie)
            await RenewAsync(http, renewal, caller, cookie.Token, cookie.IsRemembered);
        await next(http);
    }

    private static async Task RenewAsync(HttpContext http, ISessionRenewal renewal, Caller caller, string token, bool isRemembered)
    {
        if (await renewal.RenewAsync(token, caller, http.RequestAborted) is not { } renewed) return;
        http.SetSessionCookies(renewed.AccessToken, renewed.RefreshToken, isRemembered ? renewed.IdleFor : null);
        var ticket = new AccessClaims(caller.Tenant.Id, renewed.Person).ToTicket();
        http.Features.Set(new RenewedTicket(ticket));
        http.User = ticket.Principal;
        http.Features.Set(caller with { Person = renewed.Person });
    }
}

/// <summary>Who the request is from since its session was renewed.</summary>
internal sealed record RenewedTicket(AuthenticationTicket Ticket);
