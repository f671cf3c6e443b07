using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Audit.Data;
using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Activity;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Backlogs;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Telemetry;
using Gatehouse.Encryption;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Exports;
using Gatehouse.Web.Modules;
using Gatehouse.Web.Pages;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Audit;

/// <summary>The one area of the module: its records, their seals and who may read them.</summary>
internal sealed class AuditArea : IArea
{
    public static readonly Permission ReadAudit = new()
    {
        Name = "audit:read",
        Level = AccessLevel.Tenant,
        Description = "See the audit log and the figures made from it.",
    };

    public IReadOnlyList<Permission> Permissions { get; } = [ReadAudit];

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<ListActivity.Handler>("Account", ListActivity.Map),
        Slice.Routes(ActivityPages.Map),
        Slice.Operation<ListRecords.Handler>("Audit", ListRecords.Map),
        Slice.Operation<GetRecord.Handler>("Audit", GetRecord.Map),
        Slice.Operation<GetFigures.Handler>("Audit", GetFigures.Map),
        Slice.Operation<VerifyAudit.Handler>("Audit", VerifyAudit.Map),
        Slice.Command<VerifyChain>(),
        Slice.Routes(AuditPages.Map),
        Slice.Routes<UserActivityPages>(UserActivityPages.Map),
        Slice.Routes<HomeFeed>(HomeFeed.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        // One chain of batches seals the records of all tenants.
        services.AddUndistributedTables(new() { Local = ["audit.batches"] });
        services.AddSettings<AuditOptions>(configuration, "Audit");
        services.AddPartitionedTable(AuditTable.Records);
        services.AddKeptData("page.privacy.kept-activity", provider => provider.GetRequiredService<AuditOptions>().RetentionDays);
        services.AddSingleton<RecordViews>();
        services.AddExport(ActivityExport.Rows);
        services.AddSingleton<SharedVerification>();
        services.AddSingleton<IActivityFigures, Figures>();
        services.AddSingleton<ITransactionParticipant, ActivityCounting>();
        services.AddSingleton<IWrittenPositions, AuditTable>();
        services.AddSingleton<AuditWriter>();
        services.AddSingleton<ITransactionParticipant>(provider => provider.GetRequiredService<AuditWriter>());
        services.AddSingleton<IAuditStatement>(provider => provider.GetRequiredService<AuditWriter>());
        services.AddRequests(AuditJson.Default);
        services.AddAccountSection(ActivityPages.Path, "page.activity.title", 4);
        services.AddConsoleEntry(AuditPages.Entry).AddConsoleSection(UserActivityPages.Section);
        services.AddConsolePart<LastNight>().AddConsolePart<HomeFigures>().AddConsolePart<HomeFeed>().AddConsolePart<UserActivityPages>();
        services.AddMeter(AuditMetrics.MeterName).AddSingleton<AuditMetrics>();
        services.AddBacklog<AuditBacklog>();
        services.AddSingleton(provider => new CheckpointKey(() => provider.GetRequiredService<ServerKeys>().Get(ServerKeys.Audit)));
        services.AddSingleton<CheckpointFile>();

        services.AddSubscriber<OnAuditRecorded, AuditRecordedV1>(OnAuditRecorded.Name, DeadLetters.SuccessorsPass);
        services.AddSubscriber<OnNotificationDelivered, NotificationDeliveredV1>(OnNotificationDelivered.Name, DeadLetters.SuccessorsPass);
        services.AddSubscriber<OnNotificationFailed, NotificationFailedV1>(OnNotificationFailed.Name, DeadLetters.SuccessorsPass);
        services.AddRecurring<SealRecords>("audit.seal", TimeSpan.FromMinutes(1));
        services.AddRecurring<TrimRecords>("audit.trim", TimeSpan.FromHours(1));
    }
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class AuditErrors
{
    /// <summary>Codes of errors of one field.</summary>
    public const string FilterInvalid = "audit.filter-invalid";
    public const string TimeInvalid = "audit.time-invalid";
    public const string RangeInvalid = "audit.range-invalid";
    public const string RangeTooLong = "audit.range-too-long";

    /// <summary>No such record in the tenant. Said of foreign and made-up ids alike.</summary>
    public static readonly Error RecordNotFound = new("audit.record-not-found", ErrorKind.NotFound);

    /// <summary>A verification goes on behind the request; its result waits for the next one.</summary>
    public static readonly Error VerificationRunning = new("audit.verification-running", ErrorKind.Conflict)
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };
}

/// <summary>The JSON form of this module's responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Page<ListActivity.Item>), TypeInfoPropertyName = "ListActivityPage")]
[JsonSerializable(typeof(Page<RecordView>), TypeInfoPropertyName = "ListRecordsPage")]
[JsonSerializable(typeof(GetRecord.Response), TypeInfoPropertyName = "GetRecordResponse")]
[JsonSerializable(typeof(VerifyAudit.Response), TypeInfoPropertyName = "VerifyAuditResponse")]
[JsonSerializable(typeof(GetFigures.Response), TypeInfoPropertyName = "GetFiguresResponse")]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class AuditJson : JsonSerializerContext;
