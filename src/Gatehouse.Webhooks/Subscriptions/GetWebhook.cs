using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Webhooks.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Webhooks.Subscriptions;

/// <summary>Shows a webhook.</summary>
internal static class GetWebhook
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/webhooks/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(row =>
                        http.Tagged(WebhookView.Of(row), row.Tag)
                    )
            )
            .WithName(nameof(GetWebhook))
            .WithSummary("Get a webhook")
            .WithDescription("Its secret is not shown.")
            .Produces<WebhookView>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(SubscriptionsArea.ReadWebhooks);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<WebhookRow>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            await database.QueryAsync<Outcome<WebhookRow>>(
                async db => await VisibleWebhook.FindAsync(db, actor, id) is { } row ? row : WebhookErrors.NotFound,
                cancellationToken
            );
    }
}
