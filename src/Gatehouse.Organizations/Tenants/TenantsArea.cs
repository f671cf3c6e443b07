using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Organizations.Tenants;

/// <summary>Tenants: who they are, and which of them are served.</summary>
internal sealed class TenantsArea : IArea
{
    public static readonly Permission ReadTenants = new()
    {
        Name = "tenants:read",
        Level = AccessLevel.Tenant,
        Description = "See the own tenant; with a role of the platform, all tenants.",
    };

    public static readonly Permission WriteTenants = new()
    {
        Name = "tenants:write",
        Level = AccessLevel.Platform,
        Description = "Create, change, disable and enable tenants.",
    };

    public IReadOnlyList<Permission> Permissions { get; } = [ReadTenants, WriteTenants];

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<CreateTenant.Handler>("Tenants", CreateTenant.Map),
        Slice.Operation<ListTenants.Handler>("Tenants", ListTenants.Map),
        Slice.Operation<GetTenant.Handler>("Tenants", GetTenant.Map),
        Slice.Operation<UpdateTenant.Handler>("Tenants", UpdateTenant.Map),
        Slice.Operation<SetTenantState.Handler>("Tenants", SetTenantState.Map),
        Slice.Routes(TenantsPages.Map),
        Slice.Routes(NewTenantPages.Map),
        Slice.Routes(TenantPages.Map),
        Slice.Routes<TenantActs>(TenantActs.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddUndistributedTables(new() { Reference = ["organizations.tenants"] });
        services.AddSingleton<TenantDirectory>();
        services.AddSingleton<Blueprints>();
        services.AddSingleton<IRevokedTokens, DisabledTenants>();
        services.AddSingleton<ITenantDirectory>(provider => provider.GetRequiredService<TenantDirectory>());
        services.AddRequests(TenantsJson.Default);
        services.AddConsoleEntry(TenantsPages.Entry);
    }
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class TenantsErrors
{
    /// <summary>No such tenant, or none that the actor may see.</summary>
    public static readonly Error NotFound = new("organizations.tenant-not-found", ErrorKind.NotFound);

    public static readonly Error NameTaken = new("organizations.tenant-name-taken", ErrorKind.Conflict);

    /// <summary>The names of the first tenant come from the settings.</summary>
    public static readonly Error NamedBySettings = new("organizations.tenant-named-by-settings", ErrorKind.Conflict);

    /// <summary>The first tenant cannot be disabled: the platform's administrators are in it.</summary>
    public static readonly Error FirstTenant = new("organizations.first-tenant", ErrorKind.Conflict);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CreateTenant.Request), TypeInfoPropertyName = "CreateTenantRequest")]
[JsonSerializable(typeof(UpdateTenant.Request), TypeInfoPropertyName = "UpdateTenantRequest")]
[JsonSerializable(typeof(Page<TenantView>), TypeInfoPropertyName = "TenantPage")]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class TenantsJson : JsonSerializerContext;
