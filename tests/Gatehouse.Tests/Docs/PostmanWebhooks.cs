using System.Text.Json.Nodes;
using static Gatehouse.Tests.Docs.PostmanFlow;

namespace Gatehouse.Tests.Docs;

/// <summary>The operations on webhooks, as a user without roles meets them.</summary>
internal static class PostmanWebhooks
{
    private const string Special = " without the permission";

    public static PostmanStep[] Steps =>
        [
            Step("ListWebhooks", 403, Special),
            Step("CreateWebhook", 403, Special, body: Webhook()),
            Step("GetWebhook", 403, Special, path: ["{{userId}}"]),
            Step("UpdateWebhook", 403, Special, path: ["{{userId}}"], body: new JsonObject { ["description"] = "Shop" }),
            Step("PingWebhook", 403, Special, path: ["{{userId}}"]),
            Step("ListWebhookDeliveries", 403, Special, path: ["{{userId}}"]),
            Step("RedeliverEvent", 403, Special, path: ["{{userId}}", "{{userId}}"]),
            Step("ReplaceWebhookSecret", 403, Special, path: ["{{userId}}"], body: new JsonObject { ["overlapHours"] = 24 }),
            Step("DisableWebhook", 403, Special, path: ["{{userId}}"]),
            Step("EnableWebhook", 403, Special, path: ["{{userId}}"]),
            Step("DeleteWebhook", 403, Special, path: ["{{userId}}"]),
        ];

    private static JsonObject Webhook() => new() { ["address"] = "https://shop.example/events", ["events"] = new JsonArray("user.*") };
}
