using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>The form that gives a user a role. It offers those that the actor may give somewhere.</summary>
internal sealed class GiveRolePages(
    UserRoles users,
    RoleChoices choices,
    OrganizationCodes organizations,
    AssignRole.Handler assign,
    MessageCatalog texts
)
{
    public const string RoleField = "role";

    public static readonly IReadOnlyList<string> Fields = [RoleField, OrganizationCodes.Field];

    private const string Suffix = "/give";
    private const string Route = UserAccessPages.Users + "/{id:guid}/access" + Suffix;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Route,
                (Guid id, GiveRolePages give, HttpContext http) =>
                    give.ShowAsync(id, http, http.TakeDraft(http.Request.Path, Fields.Count) ?? ["", ""], error: null)
            )
            .RequirePermissionSomewhere(AccessArea.AssignRoles);
        pages
            .MapPost(Route, (Guid id, GiveRolePages give, HttpContext http) => give.SubmitAsync(id, http))
            .RequirePermissionSomewhere(AccessArea.AssignRoles)
            .FormOfItself(Fields)
            .RequireFresh(PrivilegedRoles.InFormAsync);
    }

    public static string PathOf(Guid user) => UserAccessPages.PathOf(user) + Suffix;

    private async Task<IResult> SubmitAsync(Guid id, HttpContext http)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        var form = await http.Request.ReadFormAsync(stop);
        IReadOnlyList<string> typed = [.. Fields.Select(field => form[field].ToString())];
        var errors = new ValidationErrors();
        if (!Guid.TryParse(typed[0], out var role))
            errors.Add(RoleField, typed[0].Length == 0 ? ValidationCodes.Required : AccessErrors.RoleNotFound.Code);
        if (errors.Any)
            return await ShowAsync(id, http, typed, RequestErrors.InvalidWith(errors));
        var where = (OrganizationLink?)null;
        if (!TextInput.IsBlank(typed[1]))
        {
            var found = await organizations.FindAsync(typed[1], AccessArea.AssignRoles, actor, stop);
            if (found.Error is { } unknown)
                return await ShowAsync(id, http, typed, unknown);
            where = found.Value;
        }

        var outcome = await assign.HandleAsync(new Assignment(id, role, where?.Id), actor, stop);
        return outcome.Error is { } error
            ? await ShowAsync(id, http, typed, error)
            : http.Tell(
                texts.Text(outcome.Value ? "page.console.access.given" : "page.console.access.had-it", http.Language()),
                UserAccessPages.PathOf(id)
            );
    }

    private async Task<IResult> ShowAsync(Guid id, HttpContext http, IReadOnlyList<string> typed, Error? error)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        var found = await users.FindAsync(id, actor, stop);
        if (found.Error is { } unknown)
            return unknown.ToProblem();
        var (all, _, _) = await choices.ReadAsync(actor, stop);
        return http.Page<GiveRolePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(GiveRolePage.User)] = found.Value.User,
                [nameof(GiveRolePage.Roles)] = all.Where(role => AssignmentRules.MayAssignSomewhere(role.ToRole(), actor.RequiredAccess))
                    .ToList(),
                [nameof(GiveRolePage.Chosen)] = typed[0],
                [nameof(GiveRolePage.Organization)] = typed[1],
                [nameof(GiveRolePage.Suggested)] = await organizations.SuggestAsync(AccessArea.AssignRoles, actor, stop),
                [nameof(GiveRolePage.Error)] = error
                    .AtField(RoleField, AccessErrors.RoleNotFound, AccessErrors.ExceedsOwnAccess)
                    .AtField(OrganizationCodes.Field, AccessErrors.WrongLevel, AccessErrors.OrganizationNotFound),
            },
            error
        );
    }
}
