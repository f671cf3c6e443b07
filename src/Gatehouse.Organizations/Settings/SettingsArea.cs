using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Organizations.Settings;

/// <summary>What the administrators of a tenant decide for it.</summary>
internal sealed class SettingsArea : IArea
{
    public static readonly Permission WriteSettings = new()
    {
        Name = "settings:write",
        Level = AccessLevel.Tenant,
        Description = "Change the settings of the tenant: who may register, and the language.",
    };

    public IReadOnlyList<Permission> Permissions { get; } = [WriteSettings];

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<GetTenantSettings.Handler>("Tenants", GetTenantSettings.Map),
        Slice.Operation<UpdateTenantSettings.Handler>("Tenants", UpdateTenantSettings.Map),
        Slice.Operation<GetTenantTerms.Handler>("Tenants", GetTenantTerms.Map),
        Slice.Operation<SetTenantTerms.Handler>("Tenants", SetTenantTerms.Map),
        Slice.Routes<SettingsPages>(SettingsPages.Map),
        Slice.Routes(TenantTermsPages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRequests(SettingsJson.Default);
        services.AddConsoleEntry(SettingsPages.Entry);
        services.AddConsoleEntry(TenantTermsPages.Entry);
    }
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(UpdateTenantSettings.Request), TypeInfoPropertyName = "UpdateTenantSettingsRequest")]
[JsonSerializable(typeof(SettingsView))]
[JsonSerializable(typeof(SetTenantTerms.Request), TypeInfoPropertyName = "SetTenantTermsRequest")]
[JsonSerializable(typeof(TermsView))]
internal sealed partial class SettingsJson : JsonSerializerContext;
