using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>
/// Finds for whom a request is: its tenant and, where it carries a good access token, the signed-in person. The token comes in the header
/// <c>Authorization</c> or, without that header, in a cookie; a state-changing call with a cookie must prove that one of our own pages sent it. The
/// tenant comes from the token, the header <c>Gatehouse-Tenant</c> and the host name; where the installation has only one, it is that one. A name nobody
/// has answers 404, sources that disagree 400. A bad token or cookie matters only to operations that require one: it never keeps anybody from a public one.
/// </summary>
internal sealed class CallerResolution(ITenantDirectory tenants, IAccessTokenCheck? tokens = null, ISessionRenewal? renewal = null) : IEndpointFilter
{
    public const string TenantHeader = "Gatehouse-Tenant";

    public const string DeviceHeader = "Gatehouse-Device";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var withHeader = http.Request.Headers.Authorization.Count > 0;
        // A call of another site is one of nobody: its cookies were not sent by who holds them.
        var mayUseCookies = !withHeader && (!http.Request.ChangesState() || http.IsOwnCall() || IsPage(http));

        var claims = await ClaimsAsync(http, mayUseCookies);
        if (claims.Error is { Kind: not ErrorKind.Unauthenticated } away) return away.ToProblem();
        var tenant = await TenantAsync(http, claims.Succeeded ? claims.Value.TenantId : null);
        if (tenant.Error is { } error) return error.ToProblem();

        var caller = Describe(http, tenant.Value) with { Person = claims.Succeeded ? claims.Value.Person : null };
        if (caller.Person is null && mayUseCookies && RenewsSession(http)) caller = caller with { Person = await RenewAsync(http, caller) };
        if (caller.Person is null && http.GetEndpoint()?.Metadata.GetMetadata<SignInRequirement>() is not null)
            return http.GetEndpoint()?.Metadata.GetMetadata<PageMark>() is { } page ? page.SignIn(http) : (!withHeader && !mayUseCookies && http.AccessCookie() is not null ? RequestErrors.CrossSite : RequestErrors.Unauthenticated).ToProblem();

        http.Features.Set(caller);
        return await next(context);
    }

    private static Caller Describe(HttpContext http, Tenant tenant) => new(tenant, http.Language(), http.Connection.RemoteIpAddress?.ToString() ?? "local")
    {
        Network = ClientNetwork.Describe(http.Connection.RemoteIpAddress),
        Device = ClientDevice.Describe(http.Request.Headers.UserAgent.ToString()),
        DeviceToken = ClientDevice.Token(http),
    };

    // Pages prove by the token in their form that they are our own.
    private static bool IsPage(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<PageMark>() is not null;

    private static bool RenewsSession(HttpContext http) => IsPage(http) || http.GetEndpoint()?.Metadata.GetMetadata<RenewalMark>() is not null;

    private async ValueTask<Outcome<AccessClaims>> ClaimsAsync(HttpContext http, bool mayUseCookies)
    {
        if (tokens is null || (mayUseCookies ? http.AccessCookie() : Bearer(http)) is not { } token) return RequestErrors.Unauthenticated;
        var claims = await tokens.CheckAsync(token, http.RequestAborted);
        // A population that is gone has nobody signed in.
        return claims.Succeeded && await tenants.FindAsync(claims.Value.TenantId, http.RequestAborted) is null ? RequestErrors.Unauthenticated : claims;
    }

    // Two credentials are none: nobody may choose which one a proxy saw (RFC 6750, 2).
    private static string? Bearer(HttpContext http) =>
        http.Request.Headers.Authorization is { Count: 1 } headers
        && headers.ToString() is var header
        && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && header.Length > 7
            ? header[7..].Trim(' ') : null;

    private async Task<Person?> RenewAsync(HttpContext http, Caller caller)
    {
        if (renewal is null || http.RefreshCookie() is not { } cookie) return null;
        if (await renewal.RenewAsync(cookie.Token, caller, http.RequestAborted) is not { } renewed) return null;
        http.SetSessionCookies(renewed.AccessToken, renewed.RefreshToken, cookie.IsRemembered ? renewed.IdleFor : null);
        return renewed.Person;
    }

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

/// <summary>Marks pages.</summary>
/// <param name="SignIn">Leads to sign in and back.</param>
internal sealed record PageMark(Func<HttpContext, IResult> SignIn);

/// <summary>Marks operations that continue a browser's session whose access cookie is over.</summary>
internal sealed class RenewalMark
{
    public static RenewalMark Instance { get; } = new();
}
