using Gatehouse.Core.Actors;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Gatehouse.Webhooks.Data;
using Gatehouse.Webhooks.Deliveries;
using Gatehouse.Webhooks.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Webhooks.Pages;

/// <summary>One webhook and its deliveries: did it arrive, and if not, why. A new secret is shown here once.</summary>
internal sealed class WebhookPages(GetWebhook.Handler webhooks, ListDeliveries.Handler deliveries)
{
    public const string StateParameter = "state";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapGet(WebhooksPages.Path + "/{id:guid}", (Guid id, WebhookPages pages, HttpContext http) => pages.ShowAsync(id, http))
            .RequirePermissionSomewhere(SubscriptionsArea.ReadWebhooks);

    public static string PathOf(Guid id) => $"{WebhooksPages.Path}/{id}";

    public static string NameOf(WebhookView webhook) => webhook.Description.Length > 0 ? webhook.Description : webhook.Address;

    public static bool MayChange(WebhookRow row, Actor actor) =>
        actor.RequiredAccess.AllowsIn(row.Where, SubscriptionsArea.WriteWebhooks.Name);

    private async Task<IResult> ShowAsync(Guid id, HttpContext http)
    {
        var actor = http.Actor();
        var found = await webhooks.HandleAsync(id, actor, http.RequestAborted);
        if (found.Error is { } error)
            return error.ToProblem();
        var row = found.Value;
        var state = http.Request.Query[StateParameter].ToString();
        var listed = await deliveries.HandleAsync(id, state, PageInput.Of(http), actor, http.RequestAborted);
        // What cannot be read narrows nothing, and the page says so.
        var isBad = listed.Error is not null;
        if (isBad)
            listed = await deliveries.HandleAsync(id, state: null, PageInput.First, actor, http.RequestAborted);
        var organization = row.Where is { } where ? await http.HitsAsync(ConsolePaths.Organizations, where.ToString()) : [];
        return listed.ToResult(page =>
            http.Page<WebhookPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(WebhookPage.Webhook)] = WebhookView.Of(row),
                    [nameof(WebhookPage.Deliveries)] = page,
                    [nameof(WebhookPage.IsBad)] = isBad,
                    [nameof(WebhookPage.Organization)] = organization.Count == 1 ? organization[0] : null,
                    [nameof(WebhookPage.MayChange)] = MayChange(row, actor),
                    [nameof(WebhookPage.Secret)] = ShownSecret.Take(http, id),
                }
            )
        );
    }
}
