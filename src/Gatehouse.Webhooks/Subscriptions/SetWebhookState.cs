using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Webhooks.Data;
using Gatehouse.Webhooks.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Webhooks.Subscriptions;

/// <summary>Disables a webhook, or enables it again. What waited when it was disabled goes on then; what happened in between was not kept
/// for it.</summary>
internal static class SetWebhookState
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost(
                "/webhooks/{id:guid}/disable",
                async (Guid id, Handler handler, HttpContext http) => Show(http, await handler.DisableAsync(id, http))
            )
            .WithName("DisableWebhook")
            .WithSummary("Disable a webhook")
            .WithDescription("Nothing is sent until it is enabled, and new events are not kept for it.")
            .Produces<WebhookView>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks);
        v1.MapPost(
                "/webhooks/{id:guid}/enable",
                async (Guid id, Handler handler, HttpContext http) => Show(http, await handler.EnableAsync(id, http))
            )
            .WithName("EnableWebhook")
            .WithSummary("Enable a webhook")
            .WithDescription(
                "What waited when it was disabled is sent now. Events that were written in between are not: read them with GET /v1/events."
            )
            .Produces<WebhookView>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks);
    }

    private static IResult Show(HttpContext http, Outcome<WebhookRow> outcome) =>
        outcome.ToResult(row => http.Tagged(WebhookView.Of(row), row.Tag));

    internal sealed class Handler(Database database, WebhookTenants tenants, SendingSignal wake)
    {
        public Task<Outcome<WebhookRow>> DisableAsync(Guid id, HttpContext http) => DisableAsync(id, http.Actor(), http.RequestAborted);

        public Task<Outcome<WebhookRow>> EnableAsync(Guid id, HttpContext http) => EnableAsync(id, http.Actor(), http.RequestAborted);

        public Task<Outcome<WebhookRow>> DisableAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync("webhook.disable", tx => SetAsync(tx, id, actor, isDisabled: true), cancellationToken);

        public Task<Outcome<WebhookRow>> EnableAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync("webhook.enable", tx => SetAsync(tx, id, actor, isDisabled: false), cancellationToken);

        private async Task<Outcome<WebhookRow>> SetAsync(Transaction tx, Guid id, Actor actor, bool isDisabled)
        {
            if (await VisibleWebhook.LockAsync(tx, actor, id) is not { } row)
                return WebhookErrors.NotFound;
            if (row.DisabledAt is not null == isDisabled)
                return row;
            var key = new
            {
                tenant = actor.Tenant.Id,
                id,
                isDisabled,
                tx.Now,
            };
            row = await tx.SingleAsync<WebhookRow>(
                $"""
                update webhooks.webhooks
                   set disabled_at = case when @isDisabled then @Now end, disabled_reason = case when @isDisabled then 'manual' end,
                       failing_since = case when @isDisabled then failing_since end, version = version + 1, updated_at = @Now
                 where tenant_id = @tenant and id = @id
                returning {WebhookRow.Columns}
                """,
                key
            );
            if (!isDisabled)
                await tx.ExecuteAsync(
                    """
                    update webhooks.deliveries set next_attempt_at = @Now, attempts = 0, first_attempt_at = null
                     where tenant_id = @tenant and webhook = @id and state = 'pending'
                    """,
                    key
                );
            tx.Record(VisibleWebhook.Record(actor, isDisabled ? "webhook.disabled" : "webhook.enabled", row));
            tx.AfterCommit(tenants.Forget);
            tx.AfterCommit(wake.Set);
            return row;
        }
    }
}
