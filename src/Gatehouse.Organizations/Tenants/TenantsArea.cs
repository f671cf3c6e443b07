using Gatehouse.Contracts.Tenants;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Organizations.Tenants;

/// <summary>Tenants: who they are.</summary>
internal sealed class TenantsArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } = [];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<TenantDirectory>();
        services.AddSingleton<ITenantDirectory>(provider => provider.GetRequiredService<TenantDirectory>());
    }
}
