using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Webhooks.Deliveries;

/// <summary>What became of what was posted.</summary>
internal sealed class DeliveriesArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<ListDeliveries.Handler>("Webhooks", ListDeliveries.Map),
        Slice.Operation<RedeliverEvent.Handler>("Webhooks", RedeliverEvent.Map),
        Slice.Operation<PingWebhook.Handler>("Webhooks", PingWebhook.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services.AddRequests(DeliveriesJson.Default).AddSingleton<ReplayEvents>();
}

/// <summary>The JSON form of this area's responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DeliveryView))]
[JsonSerializable(typeof(Page<DeliveryView>), TypeInfoPropertyName = "DeliveryPage")]
internal sealed partial class DeliveriesJson : JsonSerializerContext;
