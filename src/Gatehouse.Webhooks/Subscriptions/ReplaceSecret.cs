using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Webhooks.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Webhooks.Subscriptions;

/// <summary>Gives a webhook a new secret. For a while deliveries are signed with the old one as well, so that the receiver can change over
/// without losing any.</summary>
internal static class ReplaceSecret
{
    public const int MaxHours = 168;
    private const int Hours = 24;

    public sealed record Request
    {
        [Description("Hours for which deliveries are also signed with the old secret: 0 to 168, default 24.")]
        public int? OverlapHours { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/webhooks/{id:guid}/secret",
                async (Guid id, OptionalJsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(created =>
                        http.Tagged(WebhookSecretView.Of(created), created.Row.Tag)
                    )
            )
            .WithName("ReplaceWebhookSecret")
            .WithSummary("Replace the secret of a webhook")
            .WithDescription(
                "It is not shown again. For the time of the overlap webhook-signature holds one signature for each secret; the one "
                    + "before the last counts no more at once."
            )
            .Produces<WebhookSecretView>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks)
            .RequireFresh();

    internal sealed class Handler(Database database, WebhookSecrets secrets)
    {
        public async Task<Outcome<NewSecret>> HandleAsync(Guid id, Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            if (request.OverlapHours is < 0 or > MaxHours)
                errors.Add("overlapHours", ValidationCodes.OutOfRange, TextInput.Limits(("min", 0), ("max", MaxHours)));
            var overlap = TimeSpan.FromHours(request.OverlapHours ?? Hours);
            return errors.Any
                ? RequestErrors.InvalidWith(errors)
                : await database.InTransactionAsync("webhook.secret", tx => ReplaceAsync(tx, id, overlap, actor), cancellationToken);
        }

        private async Task<Outcome<NewSecret>> ReplaceAsync(Transaction tx, Guid id, TimeSpan overlap, Actor actor)
        {
            if (await VisibleWebhook.LockAsync(tx, actor, id) is null)
                return WebhookErrors.NotFound;
            var secret = WebhookSecret.Create();
            var row = await tx.SingleAsync<WebhookRow>(
                $"""
                update webhooks.webhooks
                   set secret = @secret, previous_secret = case when @overlaps then secret end,
                       previous_secret_until = case when @overlaps then @until end, version = version + 1, updated_at = @Now
                 where tenant_id = @tenant and id = @id
                returning {WebhookRow.Columns}
                """,
                new
                {
                    tenant = actor.Tenant.Id,
                    id,
                    secret = secrets.Seal(id, secret),
                    overlaps = overlap > TimeSpan.Zero,
                    until = tx.Now + overlap,
                    tx.Now,
                }
            );
            tx.Record(VisibleWebhook.Record(actor, "webhook.secret-replaced", row));
            return new NewSecret(row, secret);
        }
    }
}
