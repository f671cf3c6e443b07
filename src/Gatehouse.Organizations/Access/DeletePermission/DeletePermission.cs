using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>
/// Deletes a registered permission that no role of any tenant has. Whoever writes a role holds its permissions meanwhile, so none can get
/// it at the same time.
/// </summary>
internal static class DeletePermission
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/permissions/{name}",
                async (string name, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(name, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(DeletePermission))
            .WithSummary("Delete a permission")
            .WithDescription("Only a registered one that no role allows, in any tenant.")
            .Produces(204)
            .ProducesProblems(403, 409)
            .RequirePermission(AccessArea.WritePermissions);

    internal sealed class Handler(Database database, KnownPermissions permissions, IEnumerable<IPermissionUse> uses)
    {
        public async Task<Outcome<bool>> HandleAsync(string name, Actor actor, CancellationToken cancellationToken)
        {
            if (permissions.IsDeclared(name))
                return PermissionErrors.Declared;
            if (PermissionInput.ParseName(name, "name", new ValidationErrors()) is not { } wellFormed)
                return PermissionErrors.NotFound;
            foreach (var use in uses)
            {
                if (await use.IsHeldAsync(wellFormed, cancellationToken))
                    return PermissionErrors.InUse;
            }

            return await database.InTransactionAsync<Outcome<bool>>(
                "permission.delete",
                async tx =>
                {
                    var key = new { name = wellFormed };
                    var found = await tx.FirstOrDefaultAsync<string>(
                        "select name from organizations.permissions where name = @name for update",
                        key
                    );
                    if (found is null)
                        return PermissionErrors.NotFound;
                    var role = await tx.FirstOrDefaultAsync<Guid?>(
                        "select id from organizations.roles where permissions @> array[@name] limit 1",
                        key
                    );
                    if (role is not null)
                        return PermissionErrors.InUse;
                    await tx.ExecuteAsync("delete from organizations.permissions where name = @name", key);
                    tx.Record(AuditRecord.Of(actor, "permission.deleted").WithFact("permission", wellFormed));
                    return true;
                },
                cancellationToken
            );
        }
    }
}
