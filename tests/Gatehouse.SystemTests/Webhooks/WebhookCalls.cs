using System.Net;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Webhooks;

/// <summary>What those who manage webhooks do, as HTTP calls.</summary>
internal static class WebhookCalls
{
    public static string[] Names(params string[] names) => names;

    public static async Task<TestWebhook> WebhookAsync(
        this TestApp app,
        SignedIn by,
        string address,
        Guid? organization = null,
        params string[] events
    )
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["address"] = address,
            ["events"] = events.Length == 0 ? Names("user.*") : events,
        };
        if (organization is { } id)
            body["organizationId"] = id;
        var answer = await app.CallAsync(HttpMethod.Post, "/v1/webhooks", by, body);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return new TestWebhook(
            answer.Body.GetProperty("webhook").GetProperty("id").GetGuid(),
            answer.Body.GetProperty("secret").GetString()!
        );
    }

    public static async Task<IReadOnlyList<JsonElement>> DeliveriesAsync(
        this TestApp app,
        SignedIn by,
        TestWebhook webhook,
        string query = ""
    )
    {
        var answer = await app.CallAsync(HttpMethod.Get, webhook.Path + "/deliveries" + query, by);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return [.. answer.Body.GetProperty("items").EnumerateArray()];
    }

    /// <summary>Waits until one of the deliveries is as described.</summary>
    public static async Task<JsonElement> DeliveryAsync(this TestApp app, SignedIn by, TestWebhook webhook, Func<JsonElement, bool> which)
    {
        JsonElement? found = null;
        await TestApp.EventuallyAsync(
            async () =>
            {
                found = (await app.DeliveriesAsync(by, webhook)).Where(which).Select(d => (JsonElement?)d).FirstOrDefault();
                return found is not null;
            },
            "the delivery is as expected"
        );
        return found!.Value;
    }

    public static bool Is(this JsonElement delivery, string state, string? error = null) =>
        delivery.GetProperty("state").GetString() == state && delivery.GetProperty("error").GetString() == error;

    /// <summary>One more event of the user.</summary>
    public static Task RenameAsync(this TestApp app, SignedIn user, string name) =>
        app.AssertDoneAsync(HttpMethod.Patch, "/v1/me", user, new { name });
}

internal sealed record TestWebhook(Guid Id, string Secret)
{
    public string Path => $"/v1/webhooks/{Id}";
}
