using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Audit.Data;
using Gatehouse.Runtime.Http;
using Gatehouse.Runtime.Jobs;
using Gatehouse.Runtime.Keys;
using Gatehouse.Runtime.Modules;
using Gatehouse.Runtime.Settings;
using Gatehouse.Runtime.Telemetry;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Audit;

/// <summary>What happened: sealing, verifying and listing the records that every module writes with its changes.</summary>
public sealed class AuditModule : IModule
{
    public string Name => "audit";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<AuditOptions>(configuration, "Audit");
        services.AddTexts(typeof(AuditModule).Assembly);
        services.AddRequests(AuditJson.Default);
        services.AddMeter(AuditMetrics.MeterName).AddSingleton<AuditMetrics>();
        services.AddSingleton(provider => new CheckpointKey(() => provider.GetRequiredService<ServerKeys>().Get(ServerKeys.Audit)));
        services.AddSingleton<CheckpointFile>();

        services.AddRecurring<SealRecords>("audit.seal", TimeSpan.FromMinutes(1));
        services.AddRecurring<TrimRecords>("audit.trim", TimeSpan.FromHours(1));
        services.AddSingleton<VerifyChain>();
        services.AddSingleton<ListActivity.Handler>();
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        ListActivity.Map(routes.MapV1("Account"));
        ActivityPages.Map(routes);
    }
}

/// <summary>The JSON form of this module's responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Page<ListActivity.Item>), TypeInfoPropertyName = "ListActivityPage")]
internal sealed partial class AuditJson : JsonSerializerContext;
