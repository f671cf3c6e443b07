using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Audit.Data;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Telemetry;
using Gatehouse.Encryption;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Audit;

/// <summary>The one area of the module: its records, their seals and who may read them.</summary>
internal sealed class AuditArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } =
    [Slice.Operation<ListActivity.Handler>("Account", ListActivity.Map), Slice.Routes(ActivityPages.Map), Slice.Command<VerifyChain>()];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        // One chain of batches seals the records of all tenants.
        services.AddUndistributedTables(new() { Local = ["audit.batches"] });
        services.AddSettings<AuditOptions>(configuration, "Audit");
        services.AddPartitionedTable(AuditTable.Records);
        services.AddSingleton<IWrittenPositions, AuditTable>();
        services.AddSingleton<AuditWriter>();
        services.AddSingleton<ITransactionParticipant>(provider => provider.GetRequiredService<AuditWriter>());
        services.AddSingleton<IAuditStatement>(provider => provider.GetRequiredService<AuditWriter>());
        services.AddRequests(AuditJson.Default);
        services.AddMeter(AuditMetrics.MeterName).AddSingleton<AuditMetrics>();
        services.AddSingleton<AuditBacklog>().AddHealthDetail<AuditBacklog>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditBacklog>());
        services.AddSingleton(provider => new CheckpointKey(() => provider.GetRequiredService<ServerKeys>().Get(ServerKeys.Audit)));
        services.AddSingleton<CheckpointFile>();

        services.AddSubscriber<OnAuditRecorded, AuditRecordedV1>(OnAuditRecorded.Name, DeadLetters.SuccessorsPass);
        services.AddRecurring<SealRecords>("audit.seal", TimeSpan.FromMinutes(1));
        services.AddRecurring<TrimRecords>("audit.trim", TimeSpan.FromHours(1));
    }
}

/// <summary>The JSON form of this module's responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Page<ListActivity.Item>), TypeInfoPropertyName = "ListActivityPage")]
internal sealed partial class AuditJson : JsonSerializerContext;
