using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Webhooks.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Webhooks.Subscriptions;

/// <summary>Changes what is posted, and where to. Whose events it gets stays.</summary>
internal static class UpdateWebhook
{
    public sealed record Request
    {
        [Description("Where events are posted to: https, at most 1,000 characters.")]
        [MaxLength(WebhookInput.MaxAddress)]
        public string? Address { get; init; }

        [Description("All of them anew: types such as user.registered.v1, or all of a kind: user.*; 1 to 50.")]
        public IReadOnlyList<string>? Events { get; init; }

        [Description("What people read, at most 200 characters; an empty text for none.")]
        [MaxLength(WebhookInput.MaxDescription), EmptyText]
        public string? Description { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPatch(
                "/webhooks/{id:guid}",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Request.Headers.IfMatch, http.Actor(), http.RequestAborted)).ToResult(
                        row => http.Tagged(WebhookView.Of(row), row.Tag)
                    )
            )
            .WithName(nameof(UpdateWebhook))
            .WithSummary("Update a webhook")
            .WithDescription(
                "Omitted fields stay unchanged. With If-Match (its ETag) nothing is changed if the webhook was changed since. What waits "
                    + "for delivery goes to the new address."
            )
            .Produces<WebhookView>()
            .ProducesProblems(403, 412)
            .RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks);

    internal sealed class Handler(Database database, WebhooksOptions options)
    {
        public async Task<Outcome<WebhookRow>> HandleAsync(
            Guid id,
            Input<Request> input,
            StringValues expected,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            var change = new Change(
                request.Address is null ? null : WebhookInput.ParseAddress(request.Address, options.AllowPrivateAddresses, errors),
                request.Events is null ? null : WebhookInput.ParseEvents(request.Events, errors),
                request.Description is null ? null : WebhookInput.ParseDescription(request.Description, errors)
            );
            return errors.Any
                ? RequestErrors.InvalidWith(errors)
                : await database.InTransactionAsync(
                    "webhook.update",
                    tx => UpdateAsync(tx, id, change, expected, actor),
                    cancellationToken
                );
        }

        private static async Task<Outcome<WebhookRow>> UpdateAsync(
            Transaction tx,
            Guid id,
            Change change,
            StringValues expected,
            Actor actor
        )
        {
            if (await VisibleWebhook.LockAsync(tx, actor, id) is not { } row)
                return WebhookErrors.NotFound;
            if (!EntityTags.Match(expected, row.Tag))
                return RequestErrors.PreconditionFailed;
            var changed = await tx.FirstOrDefaultAsync<WebhookRow>(
                $"""
                update webhooks.webhooks
                   set address = @address, events = @events, description = @description, version = version + 1, updated_at = @Now
                 where tenant_id = @tenant and id = @id
                   and (address, events, description) is distinct from (@address, @events::text[], @description)
                returning {WebhookRow.Columns}
                """,
                new
                {
                    tenant = actor.Tenant.Id,
                    id,
                    address = change.Address ?? row.Address,
                    events = change.Events ?? row.Events,
                    description = change.Description ?? row.Description,
                    tx.Now,
                }
            );
            if (changed is null)
                return row;
            tx.Record(
                VisibleWebhook
                    .Record(actor, "webhook.updated", row)
                    .WithChange("events", string.Join(' ', row.Events), string.Join(' ', changed.Events))
                    .WithFact("address", changed.Address == row.Address ? "unchanged" : "changed")
            );
            return changed;
        }

        private sealed record Change(string? Address, string[]? Events, string? Description);
    }
}
