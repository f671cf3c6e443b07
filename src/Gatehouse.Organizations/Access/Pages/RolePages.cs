using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>One role in the console: what it allows, who has it, and what can be done with it.</summary>
internal sealed class RolePages(
    GetRole.Handler roles,
    GetRoleRegistration.Handler registrations,
    RoleRegistrationPages registrationForm,
    RoleHolders holders,
    RoleViews views,
    OrganizationCodes organizations
)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapGet(RolesPages.Path + "/{id:guid}", (Guid id, RolePages pages, HttpContext http) => pages.ShowAsync(id, http))
            .RequirePermissionSomewhere(AccessArea.ReadRoles);

    public static string PathOf(Guid id) => $"{RolesPages.Path}/{id}";

    public static string Kind(RoleView role) => role.BuiltIn ? "page.console.roles.built-in" : "page.console.roles.own";

    private async Task<IResult> ShowAsync(Guid id, HttpContext http)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        var found = await roles.HandleAsync(id, actor, stop);
        if (found.Error is { } error)
            return error.ToProblem();
        var (row, known) = (found.Value.Own, found.Value.Known);
        var view = row is null ? views.View(found.Value.BuiltIn!, known) : RoleViews.View(row, known);
        var page = PageQuery.Parse(PageInput.Of(http), new ValidationErrors()) ?? PageQuery.Parse(PageInput.First, new ValidationErrors())!;
        var role = row?.ToRole(known) ?? Roles.Of(found.Value.BuiltIn!, known);
        var registration =
            row is not null && registrationForm.MayOpen(row)
                ? (await registrations.HandleAsync(id, actor, stop)).Match<RoleRegistrationRow?>(set => set, _ => null)
                : null;
        return http.Page<RolePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(RolePage.Role)] = view,
                [nameof(RolePage.Own)] = row is null ? null : new RoleTimes(row.CreatedAt, row.UpdatedAt),
                [nameof(RolePage.Home)] = await organizations.NameAsync(view.OrganizationId, actor, stop),
                [nameof(RolePage.Registration)] = registration is null ? null : RoleRegistrationView.Of(registration),
                [nameof(RolePage.Groups)] = known.Groups(view.Permissions, http),
                [nameof(RolePage.Count)] = await holders.CountAsync(id, actor, stop),
                [nameof(RolePage.Holders)] = await holders.ListAsync(id, page, actor, stop),
                [nameof(RolePage.MayChange)] =
                    row is not null && RoleRules.Check(row.Where, role.Permissions, actor.RequiredAccess) is null,
                [nameof(RolePage.MayGive)] = AssignmentRules.MayAssignSomewhere(role, actor.RequiredAccess),
            }
        );
    }
}

/// <summary>When a role was made and changed.</summary>
public sealed record RoleTimes(DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
