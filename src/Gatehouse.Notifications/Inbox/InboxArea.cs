using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Inbox;

/// <summary>Where mail goes in development mode.</summary>
internal sealed class InboxArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Routes<ListInboxMessages.Handler>(ListInboxMessages.Map).InDevelopmentOnly(),
        Slice.Routes(WatchInbox.Map).InDevelopmentOnly(),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services.AddRequests(InboxJson.Default).AddSingleton<InboxNews>();
}

/// <summary>The JSON form of this area's responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<InboxMessage>))]
internal sealed partial class InboxJson : JsonSerializerContext;
