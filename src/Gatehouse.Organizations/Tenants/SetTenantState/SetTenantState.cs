using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Tenants;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Tenants;

/// <summary>
/// Disables a tenant, or enables it again. While it is disabled its tokens are rejected and its name is unknown, on every node within two
/// seconds; nothing of it is deleted.
/// <para>Publishes <c>tenant.disabled.v1</c> and <c>tenant.enabled.v1</c>, if it was not so already.</para>
/// </summary>
internal static class SetTenantState
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        Map(v1, "disable", TenantRow.Disabled)
            .WithName("DisableTenant")
            .WithSummary("Disable a tenant")
            .WithDescription(
                "Nobody of it can sign in, and its tokens are rejected. Nothing is deleted. The first tenant cannot be disabled."
            )
            .RequireFresh();
        Map(v1, "enable", TenantRow.Active)
            .WithName("EnableTenant")
            .WithSummary("Enable a tenant")
            .WithDescription("Ends its disablement.");
    }

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder v1, string verb, string state) =>
        v1.MapPost(
                "/tenants/{id:guid}/" + verb,
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, state, http.Actor(), http.RequestAborted)).ToResult(row =>
                        http.Tagged(row.View, EntityTags.Quoted(row.Version))
                    )
            )
            .Produces<TenantView>()
            .ProducesProblems(403, 409)
            .RequirePermission(TenantsArea.WriteTenants);

    internal sealed class Handler(Database database, TenantDirectory directory, TenantOptions options)
    {
        public async Task<Outcome<VersionedTenant>> HandleAsync(Guid id, string state, Actor actor, CancellationToken cancellationToken) =>
            id == DefaultTenant.Id && state != TenantRow.Active
                ? TenantsErrors.FirstTenant
                : await database.InTransactionAsync("tenant.state", tx => SetAsync(tx, id, state, actor), cancellationToken);

        private async Task<Outcome<VersionedTenant>> SetAsync(Transaction tx, Guid id, string state, Actor actor)
        {
            if (await TenantRow.LockAsync(tx, id) is not { } row)
                return TenantsErrors.NotFound;
            if (row.State == state)
                return new VersionedTenant(TenantView.Of(row, options), row.Version);
            var changed = await tx.SingleAsync<TenantRow>(
                $"""
                update organizations.tenants set state = @state, version = version + 1, updated_at = @Now where id = @id
                returning {TenantRow.Columns}
                """,
                new
                {
                    id,
                    state,
                    tx.Now,
                }
            );
            var isActive = state == TenantRow.Active;
            if (isActive)
                tx.Publish(id, id, new TenantEnabledV1 { TenantId = id });
            else
                tx.Publish(id, id, new TenantDisabledV1 { TenantId = id });
            tx.Record(AuditRecord.Of(actor, isActive ? "tenant.enabled" : "tenant.disabled").WithFact("tenant", id.ToString()));
            tx.AfterCommit(directory.Forget);
            return new VersionedTenant(TenantView.Of(changed, options), changed.Version);
        }
    }
}
