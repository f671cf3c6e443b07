using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Startup;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Rpc;

/// <summary>
/// Lets calls through whose sender holds the permission of the service. It asks what the framework's authentication and authorization ask
/// in the API, without their objects for each call: a relying service calls thousands of times a second (record 98).
/// </summary>
internal sealed class RpcCaller(
    RequestDelegate next,
    Actors actors,
    CurrentAccess access,
    ReadinessGate ready,
    DatabaseOutage outage,
    IAccessTokenCheck tokens
)
{
    public Task InvokeAsync(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<PermissionRequirement>() is { } requirement ? AdmitAsync(http, requirement) : next(http);

    private async Task AdmitAsync(HttpContext http, PermissionRequirement requirement)
    {
        var caller = await FindAsync(http, requirement);
        if (caller.Error is { } error)
        {
            await error.ToProblem().ExecuteAsync(http);
            return;
        }

        http.Features.Set(caller.Value);
        await next(http);
    }

    private async ValueTask<Outcome<Actor>> FindAsync(HttpContext http, PermissionRequirement requirement)
    {
        if (!ready.IsReady)
            return RequestErrors.DependencyUnavailable;
        if (BearerToken.Of(http.Request) is not { } token)
            return RequestErrors.Unauthenticated;
        try
        {
            var claims = await tokens.CheckAsync(token, http.RequestAborted);
            if (claims.Error is { } rejected)
                return rejected;
            // What a user granted to an application is for other services.
            if (claims.Value.User is { ClientId: not null })
                return RequestErrors.Unauthenticated;
            var actor = await actors.FindAsync(http, claims.Value);
            if (actor.Error is { } unknown)
                return unknown;
            return await access.FindAsync(actor.Value, http.RequestAborted) is { } held && requirement.IsMetBy(held)
                ? actor.Value with
                {
                    Access = held,
                }
                : RequestErrors.Forbidden;
        }
        catch (Exception e) when (outage.Note(e))
        {
            return RequestErrors.DependencyUnavailable;
        }
    }
}
