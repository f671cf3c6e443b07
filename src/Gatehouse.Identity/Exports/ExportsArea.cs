using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Exports;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Exports;

/// <summary>Users take everything along that is held about them.</summary>
internal sealed class ExportsArea : IArea
{
    public const string NoticeTemplate = "data-export";

    public static readonly RateLimitPolicy ExportLimit = RateLimitPolicy.Of<ExportsLimits>("export", limits => limits.Export);

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<StartExport.Handler>("Account", StartExport.Map),
        Slice.Operation<DownloadExport.Handler>("Account", DownloadExport.Map),
        Slice.Routes<ExportPages>(ExportPages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRateLimits<ExportsLimits>(configuration);
        services.AddOperation<MakeExport>();
        services.AddOperationName(
            new OperationName
            {
                Kind = MakeExport.Kind,
                Text = "page.export.title",
                ResultPath = _ => ExportPages.Path,
            }
        );
        services.AddSingleton<ExportFile>();
        services.AddRecurring<PurgeExports>("identity.purge-exports", TimeSpan.FromMinutes(10));
        foreach (var rows in IdentityExports.All)
            services.AddExport(rows);
    }
}

/// <summary>How often one client address may ask for exports.</summary>
internal sealed class ExportsLimits
{
    /// <summary>Asking for an export of everything held about oneself, and downloading it.</summary>
    public RateLimitRule Export { get; set; } = new() { Permits = 20, Window = TimeSpan.FromHours(1) };
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class ExportsErrors
{
    /// <summary>No such export, or its day is over. Said of foreign and made-up ids alike.</summary>
    public static readonly Error NotFound = new("identity.export-not-found", ErrorKind.NotFound);

    /// <summary>Why an operation failed: more is held than a file may have.</summary>
    public static readonly Error TooLarge = new("identity.export-too-large", ErrorKind.TooLarge);
}

/// <summary>The JSON form of what jobs are given and operations result in.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(MakeExport.Payload), TypeInfoPropertyName = "MakeExportPayload")]
[JsonSerializable(typeof(MakeExport.Result), TypeInfoPropertyName = "MakeExportResult")]
internal sealed partial class ExportsJson : JsonSerializerContext;
