using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>Lists the actor's own requests and those to review, without what was written in them.</summary>
internal static class ListRoleRequests
{
    public const string Newest = "newest";
    public const string Oldest = "oldest";

    /// <summary>What the list is narrowed to, and its order.</summary>
    public sealed record Filter
    {
        /// <summary>A state, <see cref="RoleRequestState.Open"/> or <see cref="RoleRequestState.Decided"/>.</summary>
        public string? State { get; init; }

        public string? Order { get; init; }
    }

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
                    [Description(
                        "Only those in this state: requested, under-review, approved or rejected; or open or decided, two states each."
                    )]
                        string? state,
                    [Description("newest, the default, or oldest: which come first.")] string? order,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    Handler handler,
                    HttpContext http
                ) =>
                    (
                        await handler.HandleAsync(
                            new Filter { State = state, Order = order },
                            new PageInput { Limit = limit, After = after },
                            http.Actor(),
                            http.RequestAborted
                        )
                    ).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(ListRoleRequests))
            .WithSummary("List role requests")
            .WithDescription("The own ones and, with the permission role-requests:review, those of its organizations or tenant.")
            .Produces<Page<Item>>()
            .RequireSignIn();

    internal sealed class Handler(Database database, RoleRequestViews views)
    {
        public async Task<Outcome<Page<Item>>> HandleAsync(Filter filter, PageInput asked, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            var page = PageQuery.Parse(asked, errors);
            var states = filter.State is null ? RoleRequestState.All : RoleRequestState.Named(filter.State);
            if (states is null)
                errors.Add(
                    "state",
                    ValidationCodes.UnknownValue,
                    TextInput.Limits(("allowed", string.Join(", ", RoleRequestState.Filters)))
                );
            if (filter.Order is not (null or Newest or Oldest))
                errors.Add("order", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", $"{Newest}, {Oldest}")));
            if (errors.Any || page is null || states is null)
                return RequestErrors.InvalidWith(errors);

            var access = await views.AccessAsync(actor, cancellationToken);
            var reviewed = access.OrganizationsWith(RoleRequestsArea.ReviewRoleRequests.Name);
            if (filter.Order == Oldest)
                page = page.FromOldest();
            // Said in the words of the index of open ones.
            var open = filter.State == RoleRequestState.Open ? $"and {RoleRequestState.IsOpenCondition}" : "";
            var rows = await database.QueryAsync(
                db =>
                    db.ListAsync<RoleRequestRow>(
                        $"""
                        select {RoleRequestRow.Columns} from organizations.role_requests
                         where tenant_id = @tenant and state = any(@states) {open}
                           and (user_id = @me or @reviewed::uuid[] is null or organization_id = any(@reviewed))
                           and {page.Beyond("id")} {page.Order("id")}
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            me = actor.RequiredUser.Id,
                            page.Cursor,
                            page.Rows,
                            states = states.ToArray(),
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
