using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;
using Gatehouse.Organizations.Structure;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>One request: who asks for what and in which words, what it would add, and the decision.</summary>
internal sealed class RoleRequestPages(
    GetRoleRequest.Handler requests,
    ReviewRoleRequest.Handler review,
    Database database,
    Roles roles,
    IUserDirectory users,
    OrganizationNames organizations,
    MessageCatalog texts
)
{
    public const string DecisionField = "decision";
    public const string CommentField = "comment";

    private const string Route = RoleRequestsPages.Path + "/{id:guid}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Route,
                (Guid id, RoleRequestPages pages, HttpContext http) =>
                    pages.ShowAsync(id, http, http.TakeDraft(http.Request.Path, 1)?[0], error: null)
            )
            .RequirePermissionSomewhere(RoleRequestsArea.ReviewRoleRequests);
        pages
            .MapPost(Route, (Guid id, RoleRequestPages pages, HttpContext http) => pages.DecideAsync(id, http))
            .RequirePermissionSomewhere(RoleRequestsArea.ReviewRoleRequests)
            .FormOfItself(CommentField)
            .RequireFresh(ReviewRoleRequest.IsOfPrivilegedRoleAsync);
    }

    public static string PathOf(Guid id) => $"{RoleRequestsPages.Path}/{id}";

    private async Task<IResult> DecideAsync(Guid id, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var comment = form[CommentField].ToString();
        var request = new ReviewRoleRequest.Request { State = form[DecisionField].ToString(), Comment = comment };
        // Whoever is rejected reads why.
        var errors = new ValidationErrors();
        if (request.State == RoleRequestState.Rejected && TextInput.IsBlank(comment))
            errors.Add(CommentField, "page.console.role-request.why");
        if (errors.Any)
            return await ShowAsync(id, http, comment, RequestErrors.InvalidWith(errors));
        var outcome = await review.HandleAsync(id, Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return await ShowAsync(id, http, comment, error);
        var decided = texts.Text("page.console.role-request.done-" + outcome.Value.State, http.Language());
        return http.Tell(decided, outcome.Value.State == RoleRequestState.UnderReview ? PathOf(id) : RoleRequestsPages.Path);
    }

    private async Task<IResult> ShowAsync(Guid id, HttpContext http, string? comment, Error? error)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        var found = await requests.HandleAsync(id, actor, stop);
        if (found.Error is { } unknown)
            return unknown.ToProblem();
        var request = found.Value;
        var tenant = actor.Tenant.Id;
        var (role, access) = await database.QueryAsync(
            async db => (await roles.FindAsync(db, tenant, request.RoleId), await roles.AccessAsync(db, tenant, request.UserId)),
            stop
        );
        var place = request.OrganizationId is { } organization ? await organizations.FindAsync(actor, [organization], stop) : [];
        return http.Page<RoleRequestPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(RoleRequestPage.Request)] = request,
                [nameof(RoleRequestPage.Names)] = await users.NamesAsync(
                    tenant,
                    [request.UserId, .. request.Comments.Select(c => c.UserId)],
                    stop
                ),
                [nameof(RoleRequestPage.Role)] = role?.Name,
                [nameof(RoleRequestPage.Organization)] = place is [var only] ? only : null,
                [nameof(RoleRequestPage.Adds)] = Added(role, request.OrganizationId, access),
                [nameof(RoleRequestPage.Obstacle)] = Obstacle(request, role, actor),
                [nameof(RoleRequestPage.Comment)] = comment,
                [nameof(RoleRequestPage.Error)] = error,
            },
            error
        );
    }

    private static IReadOnlyList<string> Added(Role? role, Guid? place, UserAccess access) =>
        role is null ? [] : [.. role.Permissions.Except(access.In(place), StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The sentence that says why the reader cannot decide; null if they can.</summary>
    private static string? Obstacle(RoleRequestView request, Role? role, Actor actor) =>
        !RoleRequestState.IsOpen(request.State) ? null
        : request.UserId == actor.RequiredUser.Id ? "page.console.role-request.obstacle-own"
        : role is null || AssignmentRules.Check(role, request.OrganizationId, actor.RequiredAccess) is not null
            ? "page.console.role-request.obstacle-more"
        : null;
}
