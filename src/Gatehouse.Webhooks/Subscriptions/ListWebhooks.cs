using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Webhooks.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Webhooks.Subscriptions;

/// <summary>Lists the webhooks that the actor may see.</summary>
internal static class ListWebhooks
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/webhooks",
                async (
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    Handler handler,
                    HttpContext http
                ) =>
                    (await handler.HandleAsync(new PageInput { Limit = limit, After = after }, http.Actor(), http.RequestAborted)).ToResult(
                        TypedResults.Ok
                    )
            )
            .WithName(nameof(ListWebhooks))
            .WithSummary("List webhooks")
            .WithDescription("The newest first.")
            .Produces<Page<WebhookView>>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(SubscriptionsArea.ReadWebhooks);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<Page<WebhookView>>> HandleAsync(PageInput asked, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            if (PageQuery.Parse(asked, errors) is not { } page || errors.Any)
                return RequestErrors.InvalidWith(errors);
            var organizations = actor.RequiredAccess.OrganizationsWith(SubscriptionsArea.ReadWebhooks.Name);
            var rows = await database.QueryAsync(
                db =>
                    db.ListAsync<WebhookRow>(
                        $"""
                        select {WebhookRow.Columns} from webhooks.webhooks
                         where tenant_id = @tenant and {page.Beyond("id")} and (@all or organization_id = any(@organizations))
                         {page.Order("id")}
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            all = organizations is null,
                            organizations = organizations?.ToArray() ?? [],
                            page.Cursor,
                            page.Rows,
                        }
                    ),
                cancellationToken
            );
            return page.Of(rows, row => row.Id, WebhookView.Of);
        }
    }
}
