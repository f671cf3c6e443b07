using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Webhooks.Data;
using Gatehouse.Webhooks.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Webhooks.Deliveries;

/// <summary>Lists what was sent to a webhook, or is to be.</summary>
internal static class ListDeliveries
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/webhooks/{id:guid}/deliveries",
                async (
                    Guid id,
                    [Description("pending, delivered or failed; omit it for all.")] string? state,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    Handler handler,
                    HttpContext http
                ) =>
                    (
                        await handler.HandleAsync(
                            id,
                            state,
                            new PageInput { Limit = limit, After = after },
                            http.Actor(),
                            http.RequestAborted
                        )
                    ).ToResult(TypedResults.Ok)
            )
            .WithName("ListWebhookDeliveries")
            .WithSummary("List the deliveries of a webhook")
            .WithDescription("The newest first. They are kept for some days (setting Webhooks:KeepDays).")
            .Produces<Page<DeliveryView>>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(SubscriptionsArea.ReadWebhooks);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<Page<DeliveryView>>> HandleAsync(
            Guid id,
            string? state,
            PageInput asked,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var errors = new ValidationErrors();
            var wanted = string.IsNullOrEmpty(state) ? null : state;
            if (wanted is not null && !DeliveryRow.States.Contains(wanted, StringComparer.Ordinal))
                errors.Add("state", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", DeliveryRow.States))));
            if (PageQuery.Parse(asked, errors) is not { } page || errors.Any)
                return RequestErrors.InvalidWith(errors);
            return await database.QueryAsync<Outcome<Page<DeliveryView>>>(
                async db =>
                {
                    if (await VisibleWebhook.FindAsync(db, actor, id) is null)
                        return WebhookErrors.NotFound;
                    var rows = await db.ListAsync<DeliveryRow>(
                        $"""
                        select {DeliveryRow.Columns} from webhooks.deliveries
                         where tenant_id = @tenant and webhook = @id and {page.Beyond("id")} and (@wanted::text is null or state = @wanted)
                         {page.Order("id")}
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            id,
                            wanted,
                            page.Cursor,
                            page.Rows,
                        }
                    );
                    return page.Of(rows, row => row.Id, DeliveryView.Of);
                },
                cancellationToken
            );
        }
    }
}
