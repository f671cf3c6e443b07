using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
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
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Organizations.Tenants;

/// <summary>
/// Changes a tenant's display name.
/// <para>Publishes <c>tenant.updated.v1</c> if it is another.</para>
/// </summary>
internal static class UpdateTenant
{
    public sealed record Request
    {
        [Description("The name that users read in mails and on pages, 1 to 60 characters.")]
        [MaxLength(TenantName.MaxDisplayLength)]
        public string? DisplayName { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPatch(
                "/tenants/{id:guid}",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Request.Headers.IfMatch, http.Actor(), http.RequestAborted)).ToResult(
                        changed => http.Tagged(changed.View, EntityTags.Quoted(changed.Version))
                    )
            )
            .WithName(nameof(UpdateTenant))
            .WithSummary("Update a tenant")
            .WithDescription(
                "Omitted fields stay unchanged. With If-Match nothing is changed if the tenant was changed since. "
                    + "The first tenant is named by the settings Tenant:Name and Tenant:DisplayName, and cannot be changed here."
            )
            .Produces<TenantView>()
            .ProducesProblems(403, 409, 412)
            .RequirePermission(TenantsArea.WriteTenants);

    internal sealed class Handler(Database database, TenantDirectory directory, TenantOptions options)
    {
        public async Task<Outcome<VersionedTenant>> HandleAsync(
            Guid id,
            Input<Request> input,
            StringValues expected,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            var displayName = request.DisplayName is null ? null : TenantName.ParseDisplay(request.DisplayName, errors);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            return await database.InTransactionAsync(
                "tenant.update",
                tx => UpdateAsync(tx, id, displayName, expected, actor),
                cancellationToken
            );
        }

        private async Task<Outcome<VersionedTenant>> UpdateAsync(
            Transaction tx,
            Guid id,
            string? displayName,
            StringValues expected,
            Actor actor
        )
        {
            if (await TenantRow.LockAsync(tx, id) is not { } row)
                return TenantsErrors.NotFound;
            if (!EntityTags.Match(expected, EntityTags.Quoted(row.Version)))
                return RequestErrors.PreconditionFailed;
            if (displayName is null || displayName == row.DisplayName)
                return new VersionedTenant(TenantView.Of(row, options), row.Version);
            if (id == DefaultTenant.Id)
                return TenantsErrors.NamedBySettings;
            var changed = await tx.SingleAsync<TenantRow>(
                $"""
                update organizations.tenants set display_name = @displayName, version = version + 1, updated_at = @Now where id = @id
                returning {TenantRow.Columns}
                """,
                new
                {
                    id,
                    displayName,
                    tx.Now,
                }
            );
            tx.Publish(
                id,
                id,
                new TenantUpdatedV1
                {
                    TenantId = id,
                    DisplayName = displayName,
                    OldDisplayName = row.DisplayName,
                }
            );
            tx.Record(AuditRecord.Of(actor, "tenant.updated").WithFact("tenant", id.ToString()));
            tx.AfterCommit(directory.Forget);
            return new VersionedTenant(TenantView.Of(changed, options), changed.Version);
        }
    }
}
