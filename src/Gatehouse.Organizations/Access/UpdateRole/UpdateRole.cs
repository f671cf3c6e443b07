using System.ComponentModel;
using System.Text.Json;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Organizations.Access;

/// <summary>
/// Changes labels or permissions of a role; its name is permanent. All who have the role may do what it allows from the next call on.
/// <para>Publishes <c>role.updated.v1</c> if something is different.</para>
/// </summary>
internal static class UpdateRole
{
    public sealed record Request
    {
        [Description("All labels, by language: at most 30 of 1 to 64 characters.")]
        public IReadOnlyDictionary<string, string>? Labels { get; init; }

        [Description("All that it allows, such as users:read; at most 200.")]
        public IReadOnlyList<string>? Permissions { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPatch(
                "/roles/{id:guid}",
                async (Guid id, JsonBody<Request> body, Handler handler, RoleViews views, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Request.Headers.IfMatch, http.Actor(), http.RequestAborted)).ToResult(
                        found => views.Show(http, found)
                    )
            )
            .WithName(nameof(UpdateRole))
            .WithSummary("Update a role")
            .WithDescription(
                "Omitted fields stay unchanged. With If-Match (its ETag) nothing is changed if the role was changed since. A role that "
                    + "allows or would allow more than the actor's own roles is not changed."
            )
            .Produces<RoleView>()
            .ProducesProblems(403, 409, 412)
            .RequirePermissionSomewhere(AccessArea.WriteRoles)
            .RequireFresh();

    internal sealed class Handler(Database database, KnownPermissions permissions)
    {
        public async Task<Outcome<FoundRole>> HandleAsync(
            Guid id,
            Input<Request> input,
            StringValues expected,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            var labels = RoleInput.ParseLabels(request.Labels, "labels", errors);
            var allowed = RoleInput.ParsePermissions(request.Permissions, "permissions", errors);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            var change = new Change(
                request.Labels is null ? null : JsonSerializer.Serialize(labels, AccessJson.Default.IReadOnlyDictionaryStringString)
            )
            {
                Permissions = request.Permissions is null ? null : allowed,
            };
            return await database.InTransactionAsync<Outcome<FoundRole>>(
                "role.update",
                async tx =>
                {
                    var known = await permissions.HoldAsync(tx, change.Permissions ?? []);
                    var record = AuditRecord.Of(actor, "role.updated");
                    var locked = await RoleRules.LockAsync(tx, actor, id, known, record);
                    if (locked.Error is { } error)
                        return error;
                    if (!EntityTags.Match(expected, locked.Value.Tag()))
                        return RequestErrors.PreconditionFailed;
                    return
                        (Check(tx, locked.Value, change, known, actor) ?? await CheckOpenAsync(tx, locked.Value, change, actor))
                            is { } rejected
                        ? rejected
                        : new FoundRole(known) { Own = await UpdateAsync(tx, locked.Value, change, actor) };
                },
                cancellationToken
            );
        }

        private static Error? Check(Transaction tx, RoleRow row, Change change, PermissionSet known, Actor actor)
        {
            if (change.Permissions is null)
                return null;
            var errors = new ValidationErrors();
            RoleInput.Check(change.Permissions, row.Level, known, errors);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            var rejected = RoleRules.Check(row.Where, change.Permissions.ToHashSet(StringComparer.Ordinal), actor.RequiredAccess);
            if (rejected is not null)
                tx.Record(AuditRecord.Of(actor, "role.updated").Of(row).RefusedWith(rejected.Code));
            return rejected;
        }

        // Nobody gets anything of Gatehouse itself by registering.
        private async Task<Error?> CheckOpenAsync(Transaction tx, RoleRow row, Change change, Actor actor)
        {
            if (change.Permissions?.Any(permissions.IsDeclared) != true)
                return null;
            if (await RoleRegistrationRow.ReadAsync(tx, actor.Tenant.Id, row.Id) is not { IsOpen: true })
                return null;
            tx.Record(AuditRecord.Of(actor, "role.updated").Of(row).RefusedWith(RoleErrors.Open.Code));
            return RoleErrors.Open;
        }

        private static async Task<RoleRow> UpdateAsync(Transaction tx, RoleRow row, Change change, Actor actor)
        {
            var allowed = change.Permissions ?? row.Permissions;
            var changed = await tx.FirstOrDefaultAsync<RoleRow>(
                $"""
                update organizations.roles
                   set labels = @labels::jsonb, permissions = @allowed, version = version + 1, updated_at = @Now
                 where tenant_id = @tenant and id = @Id and (labels <> @labels::jsonb or permissions <> @allowed)
                returning {RoleRow.Columns}
                """,
                new
                {
                    labels = change.Labels ?? row.Labels,
                    allowed = allowed.ToArray(),
                    tx.Now,
                    tenant = actor.Tenant.Id,
                    row.Id,
                }
            );
            if (changed is null)
                return row;
            RoleRules.PublishUpdate(tx, actor.Tenant.Id, changed);
            tx.Record(
                AuditRecord
                    .Of(actor, "role.updated")
                    .Of(changed)
                    .WithFact("added", string.Join(' ', allowed.Except(row.Permissions, StringComparer.Ordinal)))
                    .WithFact("removed", string.Join(' ', row.Permissions.Except(allowed, StringComparer.Ordinal)))
            );
            return changed;
        }

        /// <param name="Labels">JSON; null to leave them.</param>
        private sealed record Change(string? Labels)
        {
            public required IReadOnlyList<string>? Permissions { get; init; }
        }
    }
}
