using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Contracts.Access;
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

/// <summary>Lets events be posted to an address, with a secret that is shown this once.</summary>
internal static class CreateWebhook
{
    /// <summary>Each event is compared with all of them.</summary>
    public const int MaxWebhooks = 100;

    public sealed record Request
    {
        [Description("Where events are posted to: https, at most 1,000 characters.")]
        [Required, MaxLength(WebhookInput.MaxAddress)]
        public string? Address { get; init; }

        [Description("Types such as user.registered.v1, or all of a kind: user.*; 1 to 50.")]
        [Required]
        public IReadOnlyList<string>? Events { get; init; }

        [Description("What people read, at most 200 characters.")]
        [MaxLength(WebhookInput.MaxDescription)]
        public string? Description { get; init; }

        [Description("The organization whose events it gets; omit it for the whole tenant.")]
        [MaxLength(36)]
        public string? OrganizationId { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/webhooks",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(created =>
                    {
                        http.Response.Headers.Location = $"/v1/webhooks/{created.Row.Id}";
                        return http.Tagged(WebhookSecretView.Of(created), created.Row.Tag, StatusCodes.Status201Created);
                    })
            )
            .WithName(nameof(CreateWebhook))
            .WithSummary("Create a webhook")
            .WithDescription(
                "Events that are written from now on are posted to the address, signed with the secret of the answer, which is not shown "
                    + "again. One of an organization gets what concerns the organization and its members."
            )
            .Produces<WebhookSecretView>(StatusCodes.Status201Created)
            .ProducesProblems(403, 404, 409)
            .RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks);

    internal sealed class Handler(
        Database database,
        IOrganizationDirectory organizations,
        WebhookSecrets secrets,
        WebhookTenants tenants,
        WebhooksOptions options
    )
    {
        public async Task<Outcome<NewSecret>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var address = WebhookInput.ParseAddress(request.Address, options.AllowPrivateAddresses, errors);
            var asked = new Asked(
                WebhookInput.ParseDescription(request.Description, errors),
                WebhookInput.ParseOrganization(request.OrganizationId, errors)
            )
            {
                Events = WebhookInput.ParseEvents(request.Events, errors),
                Address = address ?? "",
            };
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            var allowed = actor.RequiredAccess.AllowsIn(asked.Organization, SubscriptionsArea.WriteWebhooks.Name);
            if (asked.Organization is not { } organization)
            {
                if (!allowed)
                    return RequestErrors.Forbidden;
            }
            else if (!allowed || !await organizations.IsActiveAsync(actor.Tenant.Id, organization, cancellationToken))
            {
                return WebhookErrors.OrganizationNotFound;
            }

            return await database.InTransactionAsync("webhook.create", tx => InsertAsync(tx, asked, actor), cancellationToken);
        }

        private async Task<Outcome<NewSecret>> InsertAsync(Transaction tx, Asked asked, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@tenant::text, 26))", new { tenant });
            var count = await tx.SingleAsync<long>("select count(*) from webhooks.webhooks where tenant_id = @tenant", new { tenant });
            if (count >= MaxWebhooks)
                return WebhookErrors.TooMany;
            var (id, secret) = (Guid.CreateVersion7(tx.Now), WebhookSecret.Create());
            var row = await tx.SingleAsync<WebhookRow>(
                $"""
                insert into webhooks.webhooks (tenant_id, id, organization_id, address, description, events, secret, created_by,
                                               created_at, updated_at)
                values (@tenant, @id, @organization, @Address, @Description, @Events, @secret, @by, @Now, @Now)
                returning {WebhookRow.Columns}
                """,
                new
                {
                    tenant,
                    id,
                    organization = asked.Organization ?? WebhookRow.WholeTenant,
                    asked.Address,
                    asked.Description,
                    asked.Events,
                    secret = secrets.Seal(id, secret),
                    by = actor.Id,
                    tx.Now,
                }
            );
            tx.Record(VisibleWebhook.Record(actor, "webhook.created", row).WithFact("events", string.Join(' ', row.Events)));
            tx.AfterCommit(tenants.Forget);
            return new NewSecret(row, secret);
        }

        private sealed record Asked(string Description, Guid? Organization)
        {
            public required string Address { get; init; }

            public required string[] Events { get; init; }
        }
    }
}
