using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Gatehouse.Webhooks.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Webhooks.Pages;

/// <summary>The console's list of webhooks.</summary>
internal static class WebhooksPages
{
    public const string Path = ConsoleHome.Path + "/webhooks";

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.webhooks",
        Group = ConsoleGroup.Access,
        Permission = SubscriptionsArea.ReadWebhooks,
        Order = 30,
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPages().MapGet(Path, (Delegate)ShowAsync).RequirePermissionSomewhere(SubscriptionsArea.ReadWebhooks);

    private static async Task<IResult> ShowAsync(ListWebhooks.Handler webhooks, HttpContext http)
    {
        var listed = await webhooks.HandleAsync(PageInput.Of(http), http.Actor(), http.RequestAborted);
        // What cannot be read narrows nothing, and the page says so.
        var isBad = listed.Error is not null;
        if (isBad)
            listed = await webhooks.HandleAsync(PageInput.First, http.Actor(), http.RequestAborted);
        return listed.ToResult(page =>
            http.Page<WebhooksPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(WebhooksPage.Webhooks)] = page,
                    [nameof(WebhooksPage.IsBad)] = isBad,
                }
            )
        );
    }
}
