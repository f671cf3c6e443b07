using Gatehouse.Core.Actors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>
/// Continues the session of a browser whose access cookie is over or broken, by its refresh cookie, at pages and at what is marked with
/// <c>RenewSession</c>: the browser gets the next tokens, and the request is the user's from here on.
/// </summary>
internal sealed class SessionRenewal(RequestDelegate next, ISessionRenewal? renewal = null)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (
            renewal is not null
            && http.HasMark<RenewalMark>()
            && http.Actor() is { User: null } actor
            && http.MayUseCookies()
            && http.RefreshCookie() is { } cookie
        )
            await RenewAsync(http, renewal, actor, cookie.Token, cookie.IsRemembered);
        await next(http);
    }

    private static async Task RenewAsync(HttpContext http, ISessionRenewal renewal, Actor actor, string token, bool isRemembered)
    {
        if (await renewal.RenewAsync(token, actor, http.RequestAborted) is not { } renewed)
            return;
        http.SetSessionCookies(renewed.AccessToken, renewed.RefreshToken, isRemembered ? renewed.IdleFor : null);
        var ticket = new AccessClaims(actor.Tenant.Id, renewed.User).ToTicket();
        http.Features.Set(new RenewedTicket(ticket, renewed.AccessToken));
        http.User = ticket.Principal;
        http.Features.Set(actor with { User = renewed.User });
    }
}

/// <summary>Who the request is from since its session was renewed.</summary>
internal sealed record RenewedTicket(AuthenticationTicket Ticket, string AccessToken)
{
    /// <summary>Hides the token: a record's own text would print it.</summary>
    public override string ToString() => "[renewed]";
}
