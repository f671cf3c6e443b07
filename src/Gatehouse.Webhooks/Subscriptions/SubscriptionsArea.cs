using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Configuration;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Gatehouse.Webhooks.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Webhooks.Subscriptions;

/// <summary>Which events are posted where.</summary>
internal sealed class SubscriptionsArea : IArea
{
    public static readonly Permission ReadWebhooks = new()
    {
        Name = "webhooks:read",
        Level = AccessLevel.Organization,
        Description = "See webhooks and their deliveries.",
    };

    public static readonly Permission WriteWebhooks = new()
    {
        Name = "webhooks:write",
        Level = AccessLevel.Organization,
        Description = "Create, change and delete webhooks, which get events, and send deliveries again.",
    };

    public IReadOnlyList<Permission> Permissions { get; } = [ReadWebhooks, WriteWebhooks];

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<ListWebhooks.Handler>("Webhooks", ListWebhooks.Map),
        Slice.Operation<CreateWebhook.Handler>("Webhooks", CreateWebhook.Map),
        Slice.Operation<GetWebhook.Handler>("Webhooks", GetWebhook.Map),
        Slice.Operation<UpdateWebhook.Handler>("Webhooks", UpdateWebhook.Map),
        Slice.Operation<SetWebhookState.Handler>("Webhooks", SetWebhookState.Map),
        Slice.Operation<ReplaceSecret.Handler>("Webhooks", ReplaceSecret.Map),
        Slice.Operation<DeleteWebhook.Handler>("Webhooks", DeleteWebhook.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<WebhooksOptions>(configuration, "Webhooks");
        services.AddSingleton<WebhookSecrets>();
        services.AddRequests(SubscriptionsJson.Default);
    }
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CreateWebhook.Request), TypeInfoPropertyName = "CreateWebhookRequest")]
[JsonSerializable(typeof(UpdateWebhook.Request), TypeInfoPropertyName = "UpdateWebhookRequest")]
[JsonSerializable(typeof(ReplaceSecret.Request), TypeInfoPropertyName = "ReplaceSecretRequest")]
[JsonSerializable(typeof(WebhookView))]
[JsonSerializable(typeof(WebhookSecretView))]
[JsonSerializable(typeof(Page<WebhookView>), TypeInfoPropertyName = "WebhookPage")]
internal sealed partial class SubscriptionsJson : JsonSerializerContext;
