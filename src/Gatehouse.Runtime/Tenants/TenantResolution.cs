using Gatehouse.Contracts.Tenants;
using Gatehouse.Runtime.Http;
using Gatehouse.Runtime.Outcomes;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Runtime.Tenants;

/// <summary>
/// Finds the tenant of a request: by header <c>Gatehouse-Tenant</c> and by host name; where the installation has only one, it is that one. A name nobody
/// has answers 404, sources that disagree 400.
/// </summary>
internal sealed class TenantResolution(ITenantDirectory tenants) : IEndpointFilter
{
    public const string Header = "Gatehouse-Tenant";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var tenant = await ResolveAsync(http);
        if (tenant.Error is { } error) return error.ToProblem();
        http.Features.Set(new Caller(tenant.Value, http.Language(), http.Connection.RemoteIpAddress?.ToString() ?? "local"));
        return await next(context);
    }

    private async ValueTask<Outcome<Tenant>> ResolveAsync(HttpContext http)
    {
        var byHost = await tenants.FindByHostAsync(http.Request.Host.Host, http.RequestAborted);
        var header = http.Request.Headers[Header];
        if (header.Count == 0)
        {
            var tenant = byHost ?? await tenants.FindOnlyAsync(http.RequestAborted);
            return tenant is null ? RequestErrors.TenantUnknown : tenant;
        }

        if (header.Count > 1) return RequestErrors.TenantAmbiguous;
        var byName = await tenants.FindByNameAsync(header.ToString(), http.RequestAborted);
        if (byName is null) return RequestErrors.TenantUnknown;
        return byHost is not null && byHost.Id != byName.Id ? RequestErrors.TenantAmbiguous : byName;
    }
}
