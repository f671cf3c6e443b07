using Gatehouse.Web.Modules;
using Gatehouse.Webhooks.Deliveries;
using Gatehouse.Webhooks.Pages;
using Gatehouse.Webhooks.Sending;
using Gatehouse.Webhooks.Subscriptions;

namespace Gatehouse.Webhooks;

/// <summary>Posts events to the addresses of those who asked for them. Needs the module <c>identity</c> in the same process: users and
/// services manage webhooks.</summary>
public sealed class WebhooksModule : IModule
{
    public string Name => "webhooks";

    public IReadOnlyList<IArea> Areas { get; } = [new SubscriptionsArea(), new DeliveriesArea(), new PagesArea(), new SendingArea()];
}
