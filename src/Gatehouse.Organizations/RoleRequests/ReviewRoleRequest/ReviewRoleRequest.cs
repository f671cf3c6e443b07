using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>
/// Decides on a request. Only who may assign the role may, and nobody on the own one; an approval assigns the role in the same transaction.
/// <para>Publishes <c>role-request.under-review.v1</c>, <c>role-request.approved.v1</c> (with <c>user.roles-changed.v1</c>) or
/// <c>role-request.rejected.v1</c>.</para>
/// </summary>
internal static class ReviewRoleRequest
{
    private const int MaxComment = 1000;

    public sealed record Request
    {
        [Description("under-review, approved or rejected.")]
        [Required, MaxLength(16)]
        public string? State { get; init; }

        [Description("For the user who asked, at most 1000 characters.")]
        [MaxLength(MaxComment)]
        public string? Comment { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/role-requests/{id:guid}/review",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(view => TypedResults.Json(view))
            )
            .WithName(nameof(ReviewRoleRequest))
            .WithSummary("Review a role request")
            .WithDescription(
                "Approving assigns the role. The user is told of an approval and of a rejection by mail. "
                    + "A role that allows more than the actor's own roles, and the own request, are rejected."
            )
            .Produces<RoleRequestView>()
            .ProducesProblems(409)
            .RequirePermissionSomewhere(RoleRequestsArea.ReviewRoleRequests)
            .RequireFresh(IsOfPrivilegedRoleAsync);

    /// <summary>Whether the request that the address names is for a role that reaches far.</summary>
    public static async ValueTask<bool> IsOfPrivilegedRoleAsync(HttpContext http)
    {
        var database = http.RequestServices.GetRequiredService<Database>();
        return Guid.TryParse(http.GetRouteValue("id") as string, out var id)
            && await database.QueryAsync(db => RoleRequestRow.FindAsync(db, http.Actor().Tenant.Id, id), http.RequestAborted) is { } row
            && await PrivilegedRoles.Of(http).ContainsAsync(row.RoleId, http.Actor(), http.RequestAborted);
    }

    internal sealed class Handler(Database database, Roles roles, SubjectKeys keys, RoleRequestViews views)
    {
        public async Task<Outcome<RoleRequestView>> HandleAsync(
            Guid id,
            Input<Request> input,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            if (string.IsNullOrWhiteSpace(request.State))
                errors.Add("state", ValidationCodes.Required);
            else if (!RoleRequestState.Reviewed.Contains(request.State, StringComparer.Ordinal))
                errors.Add(
                    "state",
                    ValidationCodes.UnknownValue,
                    TextInput.Limits(("allowed", string.Join(", ", RoleRequestState.Reviewed)))
                );
            var comment = string.IsNullOrWhiteSpace(request.Comment)
                ? null
                : TextInput.Clean(request.Comment, "comment", MaxComment, errors);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);

            var known = await database.QueryAsync(db => RoleRequestRow.FindAsync(db, actor.Tenant.Id, id), cancellationToken);
            if (known is null || !known.IsVisibleTo(actor, actor.RequiredAccess))
                return RoleRequestErrors.NotFound;
            var key = await keys.FindAsync(known.UserId, cancellationToken);
            if (key is null)
                return AccessErrors.UserNotFound;
            var review = new Review(request.State!) { Comment = comment };
            var outcome = await database.InTransactionAsync(
                "role-request.review",
                tx => ReviewAsync(tx, id, review, key, actor),
                cancellationToken
            );
            return outcome.Error is { } error ? error : await views.ViewAsync(outcome.Value, cancellationToken);
        }

        private async Task<Outcome<RoleRequestRow>> ReviewAsync(Transaction tx, Guid id, Review review, SubjectKey key, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            if (await RoleRequestRow.LockAsync(tx, tenant, id) is not { } row)
                return RoleRequestErrors.NotFound;
            if (await roles.HoldAsync(tx, tenant, row.RoleId) is not { } role)
                return AccessErrors.RoleNotFound;
            var record = row.Assignment.Describe(Record(actor, review.State), role).WithFact("request", id.ToString());
            if (Reject(row, role, actor) is { } rejected)
            {
                tx.Record(record.RefusedWith(rejected.Code));
                return rejected;
            }

            var organization = row.Where is { } home ? await OrganizationRow.FindAsync(tx, tenant, home) : null;
            if (review.State == RoleRequestState.Approved)
            {
                if (row.Where is { } where && !await OrganizationRow.HoldActiveAsync(tx, tenant, where))
                    return AccessErrors.OrganizationNotFound;
                if (await row.Assignment.InsertAsync(tx, tenant, actor.RequiredId))
                    tx.Record(row.Assignment.Describe(AuditRecord.Of(actor, "role.assigned"), role));
            }

            tx.Record(record);
            ReviewEvents.Publish(tx, tenant, row, review.State, role, organization?.Name);
            return await StoreAsync(tx, row, review, key, actor);
        }

        private static Error? Reject(RoleRequestRow row, Role role, Actor actor) =>
            row.IsOf(actor) ? RoleRequestErrors.Own
            : !RoleRequestState.IsOpen(row.State) ? RoleRequestErrors.Closed
            : AssignmentRules.Check(role, row.Where, actor.RequiredAccess) is null ? null
            : AccessErrors.ExceedsOwnAccess;

        private static AuditRecord Record(Actor actor, string state) =>
            state switch
            {
                RoleRequestState.Approved => AuditRecord.Of(actor, "role-request.approved"),
                RoleRequestState.Rejected => AuditRecord.Of(actor, "role-request.rejected"),
                _ => AuditRecord.Of(actor, "role-request.under-review"),
            };

        private static async Task<RoleRequestRow> StoreAsync(Transaction tx, RoleRequestRow row, Review review, SubjectKey key, Actor actor)
        {
            var content = key.Open(row.Content);
            if (review.Comment is { } text)
            {
                var comment = new ReviewComment(actor.RequiredId, tx.Now, review.State) { Text = text };
                content = content with { Comments = [.. content.Comments, comment] };
            }

            return await tx.SingleAsync<RoleRequestRow>(
                $"""
                update organizations.role_requests set state = @State, content = @content, updated_at = @Now
                 where tenant_id = @tenant and id = @Id
                returning {RoleRequestRow.Columns}
                """,
                new
                {
                    review.State,
                    content = key.Encrypt(content),
                    tx.Now,
                    tenant = actor.Tenant.Id,
                    row.Id,
                }
            );
        }

        private sealed record Review(string State)
        {
            public string? Comment { get; init; }
        }
    }
}
