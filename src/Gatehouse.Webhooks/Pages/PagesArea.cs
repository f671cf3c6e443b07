using Gatehouse.Web.Admin;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Webhooks.Pages;

/// <summary>Webhooks in the console.</summary>
internal sealed class PagesArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Routes(WebhooksPages.Map),
        Slice.Routes<NewWebhookPages>(NewWebhookPages.Map),
        Slice.Routes<WebhookPages>(WebhookPages.Map),
        Slice.Routes<EditWebhookPages>(EditWebhookPages.Map),
        Slice.Routes<WebhookActs>(WebhookActs.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration) => services.AddConsoleEntry(WebhooksPages.Entry);
}
