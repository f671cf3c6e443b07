using Gatehouse.Contracts.Tenants;
using Gatehouse.Runtime.Outcomes;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Runtime.Http;

/// <summary>
/// Finds for whom a request is: its tenant and, where it carries a good access token, the signed-in person. The tenant comes from the token,
/// the header <c>Gatehouse-Tenant</c> and the host name; where the installation has only one, it is that one. A name nobody has answers 404,
/// sources that disagree 400. A bad token matters only to operations that require one: it never keeps anybody from a public one.
/// </summary>
internal sealed class CallerResolution(ITenantDirectory tenants, IAccessTokenCheck? tokens = null) : IEndpointFilter
{
    public const string TenantHeader = "Gatehouse-Tenant";

    public const string DeviceHeader = "Gatehouse-Device";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var claims = await ClaimsAsync(http);
        if (claims.Error is { } refusal && (refusal.Kind != ErrorKind.Unauthenticated || RequiresSignIn(http))) return refusal.ToProblem();

        var signedIn = claims.Succeeded ? claims.Value : null;
        var tenant = await TenantAsync(http, signedIn?.TenantId);
        if (tenant.Error is { } error) return error.ToProblem();

        http.Features.Set(new Caller(tenant.Value, http.Language(), http.Connection.RemoteIpAddress?.ToString() ?? "local")
        {
            Person = signedIn?.Person,
            Network = ClientNetwork.Describe(http.Connection.RemoteIpAddress),
            Device = ClientDevice.Describe(http.Request.Headers.UserAgent.ToString()),
            DeviceToken = ClientDevice.Token(http),
        });
        return await next(context);
    }

    private static bool RequiresSignIn(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<SignInRequirement>() is not null;

    private async ValueTask<Outcome<AccessClaims>> ClaimsAsync(HttpContext http)
    {
        var headers = http.Request.Headers.Authorization;
        // Two credentials are none: nobody may choose which one a proxy saw (RFC 6750, 2).
        if (tokens is null || headers.Count != 1 || Bearer(headers.ToString()) is not { } token) return RequestErrors.Unauthenticated;
        var claims = await tokens.CheckAsync(token, http.RequestAborted);
        // A population that is gone has nobody signed in.
        return claims.Succeeded && await tenants.FindAsync(claims.Value.TenantId, http.RequestAborted) is null ? RequestErrors.Unauthenticated : claims;
    }

    private static string? Bearer(string header) =>
        header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && header.Length > 7 ? header[7..].Trim(' ') : null;

    private async ValueTask<Outcome<Tenant>> TenantAsync(HttpContext http, Guid? ofToken)
    {
        var sources = new List<Tenant>(3);
        if (ofToken is { } id)
        {
            if (await tenants.FindAsync(id, http.RequestAborted) is not { } tenant) return RequestErrors.TenantUnknown;
            sources.Add(tenant);
        }

        if (await tenants.FindByHostAsync(http.Request.Host.Host, http.RequestAborted) is { } byHost) sources.Add(byHost);
        var header = http.Request.Headers[TenantHeader];
        if (header.Count > 1) return RequestErrors.TenantAmbiguous;
        if (header.Count == 1)
        {
            if (await tenants.FindByNameAsync(header.ToString(), http.RequestAborted) is not { } byName) return RequestErrors.TenantUnknown;
            sources.Add(byName);
        }

        if (sources.Count == 0) return await tenants.FindOnlyAsync(http.RequestAborted) is { } only ? only : RequestErrors.TenantUnknown;
        return sources.TrueForAll(t => t.Id == sources[0].Id) ? sources[0] : RequestErrors.TenantAmbiguous;
    }
}
