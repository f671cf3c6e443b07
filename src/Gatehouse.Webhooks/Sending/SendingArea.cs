using Gatehouse.Core.Backlogs;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Telemetry;
using Gatehouse.Messaging;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Webhooks.Sending;

/// <summary>Brings events to the addresses.</summary>
internal sealed class SendingArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } = [];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        // Both name the work of all tenants: each sender looks through all of it.
        services.AddUndistributedTables(new() { Local = ["webhooks.deliveries", "webhooks.webhooks"] });
        services
            .AddSingleton<WebhookTenants>()
            .AddSingleton<EventReach>()
            .AddSingleton<SendingSignal>()
            .AddSingleton<WebhookPost>()
            .AddSingleton<DeliveryStore>();
        services.AddMeter(WebhookMetrics.MeterName).AddSingleton<WebhookMetrics>();
        services.AddBacklog<WebhookBacklog>();
        services.AddListener<QueueEvents>(QueueEvents.Name, DeadLetters.SuccessorsWait);
        services.AddHostedService<DeliverySender>();
        services.AddRecurring<PurgeDeliveries>("webhooks.purge", TimeSpan.FromHours(1));
    }
}
