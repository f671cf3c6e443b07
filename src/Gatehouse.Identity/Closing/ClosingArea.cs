using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Gatehouse.Web.Pages;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Closing;

/// <summary>Closing accounts, opening them again, and erasing users.</summary>
internal sealed class ClosingArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<CloseAccount.Handler>("Account", CloseAccount.Map),
        Slice.Operation<ReopenAccount.Handler>("Account", ReopenAccount.Map),
        Slice.Routes(ClosingPages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ClosingOptions>(configuration, "Closing");
        services.AddRequests(ClosingJson.Default);
        services.AddAccountSection(ClosingPages.Path, "page.privacy", 5);
        services.AddSingleton<Erasure>();
        services.AddJob<FinishErasing>();
        services.AddRecurring<EraseClosed>("identity.erase-closed", TimeSpan.FromMinutes(10));
    }
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class ClosingErrors
{
    /// <summary>There is nothing to undo.</summary>
    public static readonly Error NotClosed = new("identity.account-not-closed", ErrorKind.Conflict);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CloseAccount.Response), TypeInfoPropertyName = "CloseAccountResponse")]
internal sealed partial class ClosingJson : JsonSerializerContext;
