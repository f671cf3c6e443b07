using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Tenants;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web;

/// <summary>
/// Finds for whom a request is: its tenant and, where it carries a good access token, the user or service account. The tenant comes from
/// the token, the header <c>Gatehouse-Tenant</c> and the host name, if it is a verified domain; without all of them it is the default one
/// of the host (<see cref="ITenantDirectory.FindDefaultAsync"/>). A name nobody has answers 404, sources that disagree 400. A platform
/// administrator acts in another tenant by that header, where an operation requires a permission; it is recorded. In the console a cookie
/// takes the place of the header.
/// </summary>
internal sealed class Actors(ITenantDirectory tenants, Database database, CurrentAccess access)
{
    /// <param name="claims">What its good access token says; null for none.</param>
    public async ValueTask<Outcome<Actor>> FindAsync(HttpContext http, AccessClaims? claims)
    {
        var tenant = await TenantAsync(http, claims);
        if (tenant.Error is { } error)
            return error;
        var actor = Describe(http, tenant.Value) with { User = claims?.User, ServiceAccount = claims?.ServiceAccount };
        if (claims is null || claims.TenantId == actor.Tenant.Id)
            return actor;
        actor = actor with { HomeTenantId = claims.TenantId };
        // In the console, entering was recorded, and so is every change.
        if (http.Request.Headers.ContainsKey(ActorResolution.TenantHeader))
            await RecordAsync(http, actor);
        return actor;
    }

    private Task<bool> RecordAsync(HttpContext http, Actor actor) =>
        database.InTransactionAsync(
            "tenant.entered",
            tx =>
            {
                var operation = http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "";
                tx.Record(AuditRecord.Of(actor, "tenant.entered").WithFact("operation", operation));
                return Task.FromResult(true);
            },
            http.RequestAborted
        );

    private static Actor Describe(HttpContext http, Tenant tenant) =>
        new()
        {
            Tenant = tenant,
            Language = http.Language(tenant),
            Client = http.Connection.RemoteIpAddress?.ToString() ?? "local",
            Network = ClientNetwork.Describe(http.Connection.RemoteIpAddress),
            Device = ClientDevice.Describe(http.Request.Headers.UserAgent.ToString()),
            DeviceToken = ClientDevice.Token(http),
        };

    private async ValueTask<Outcome<Tenant>> TenantAsync(HttpContext http, AccessClaims? claims)
    {
        if (http.HasMark<PlatformMark>())
            return await tenants.FindAsync(DefaultTenant.Id, http.RequestAborted) is { } first ? first : RequestErrors.TenantUnknown;
        var sources = new List<Tenant>(3);
        if (claims?.TenantId is { } id)
        {
            if (await tenants.FindAsync(id, http.RequestAborted) is not { } tenant)
                return RequestErrors.TenantUnknown;
            sources.Add(tenant);
        }

        if (await tenants.FindByHostAsync(http.Request.Host.Host, http.RequestAborted) is { } byHost)
            sources.Add(byHost);
        var header = http.Request.Headers[ActorResolution.TenantHeader];
        if (header.Count > 1)
            return RequestErrors.TenantAmbiguous;
        if (header.Count == 1)
        {
            if (await tenants.FindByNameAsync(header.ToString(), http.RequestAborted) is not { } byName)
                return RequestErrors.TenantUnknown;
            if (await MayEnterAsync(http, claims, byName))
                return byName;
            sources.Add(byName);
        }

        if (http.HasMark<PageMark>() && ActingTenantCookie.Read(http) is { } acting)
        {
            // A tenant that is gone, or a right that was taken away, leads home.
            if (await tenants.FindByNameAsync(acting, http.RequestAborted) is { } entered && await MayEnterAsync(http, claims, entered))
                return entered;
        }

        if (sources.Count == 0)
            return await tenants.FindDefaultAsync(http.Request.Host.Host, http.RequestAborted) is { } served
                ? served
                : RequestErrors.TenantUnknown;
        return sources.TrueForAll(t => t.Id == sources[0].Id) ? sources[0] : RequestErrors.TenantAmbiguous;
    }

    private async ValueTask<bool> MayEnterAsync(HttpContext http, AccessClaims? claims, Tenant tenant) =>
        claims is not null
        && claims.TenantId != tenant.Id
        && (http.HasMark<PermissionRequirement>() || http.HasMark<ConsoleRequirement>())
        && await access.FindAsync(claims, http.RequestAborted) is { } held
        && held.AcrossTenants().Grants.Count > 0;
}
