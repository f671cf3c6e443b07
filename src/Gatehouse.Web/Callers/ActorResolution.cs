using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>Finds for whom a request is, before its operation runs.</summary>
internal sealed class ActorResolution(RequestDelegate next, Actors actors)
{
    public const string TenantHeader = "Gatehouse-Tenant";

    public const string DeviceHeader = "Gatehouse-Device";

    public Task InvokeAsync(HttpContext http) => http.HasMark<ActorMark>() ? ResolveAsync(http) : next(http);

    private async Task ResolveAsync(HttpContext http)
    {
        // By name, because the embedding program's default may be another scheme.
        var judged = await http.AuthenticateAsync(GatehouseAuthentication.Scheme);
        http.User = judged.Principal ?? new ClaimsPrincipal(new ClaimsIdentity());
        var claims = http.HasMark<PlatformMark>() ? null : AccessPrincipal.Read(http.User);
        var actor = judged.Failure is NotNowException notNow ? notNow.Error : await actors.FindAsync(http, claims);
        // Of whom a token that is no good was is not known: what matters is that it is no good.
        if (actor.Error == RequestErrors.TenantUnknown && judged.Failure is not null && http.HasMark<IAuthorizeData>())
            actor = RequestErrors.Unauthenticated;
        if (actor.Error is { } error)
        {
            await error.ToProblem().ExecuteAsync(http);
            return;
        }

        http.Features.Set(actor.Value);
        await next(http);
    }
}
