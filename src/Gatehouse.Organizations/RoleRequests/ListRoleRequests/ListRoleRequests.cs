using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>Lists the actor's own requests and those to review, newest first, without what was written in them.</summary>
internal static class ListRoleRequests
{
    public sealed record Item
    {
        public required Guid Id { get; init; }

        [Description("The user who asked.")]
        public required Guid UserId { get; init; }

        public required Guid RoleId { get; init; }

        [Description("Where the role is to count; null for the whole tenant.")]
        public required Guid? OrganizationId { get; init; }

        [Description("requested, under-review, approved or rejected.")]
        public required string State { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public required DateTimeOffset UpdatedAt { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/role-requests",
                async (
                    [Description("Only those in this state: requested, under-review, approved or rejected.")] string? state,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    Handler handler,
                    HttpContext http
                ) => (await handler.HandleAsync(state, limit, after, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(ListRoleRequests))
            .WithSummary("List role requests")
            .WithDescription("The own ones and, with the permission role-requests:review, those of its organizations or tenant.")
            .Produces<Page<Item>>()
            .RequireSignIn();

    internal sealed class Handler(Database database, RoleRequestViews views)
    {
        public async Task<Outcome<Page<Item>>> HandleAsync(
            string? state,
            string? limit,
            string? after,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var errors = new ValidationErrors();
            var page = PageQuery.Parse(limit, after, errors);
            if (state is not null && !RoleRequestState.All.Contains(state, StringComparer.Ordinal))
                errors.Add("state", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", RoleRequestState.All))));
            if (errors.Any || page is null)
                return RequestErrors.InvalidWith(errors);

            var access = await views.AccessAsync(actor, cancellationToken);
            var reviewed = access.OrganizationsWith(RoleRequestsArea.ReviewRoleRequests.Name);
            var rows = await database.QueryAsync(
                db =>
                    db.ListAsync<RoleRequestRow>(
                        $"""
                        select {RoleRequestRow.Columns} from organizations.role_requests
                         where tenant_id = @tenant and id < @After and (@state::text is null or state = @state)
                           and (user_id = @me or @reviewed::uuid[] is null or organization_id = any(@reviewed))
                         order by id desc limit @Rows
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            me = actor.RequiredUser.Id,
                            page.After,
                            page.Rows,
                            state,
                            reviewed = reviewed?.ToArray(),
                        }
                    ),
                cancellationToken
            );
            return page.Of(
                rows,
                row => row.Id,
                row => new Item
                {
                    Id = row.Id,
                    UserId = row.UserId,
                    RoleId = row.RoleId,
                    OrganizationId = row.Where,
                    State = row.State,
                    CreatedAt = row.CreatedAt,
                    UpdatedAt = row.UpdatedAt,
                }
            );
        }
    }
}
