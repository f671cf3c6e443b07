using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>The page that asks before a role is taken from a user: it says what is lost.</summary>
internal sealed class TakeRolePages(
    UserRoles roles,
    RevokeRole.Handler revoke,
    Database database,
    KnownPermissions permissions,
    MessageCatalog texts
)
{
    private const string Route = UserAccessPages.Users + "/{id:guid}/access/{role:guid}/take";
    private const string RouteInOrganization = UserAccessPages.Users + "/{id:guid}/access/{role:guid}/{organization:guid}/take";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        Map(
            pages,
            Route,
            (Guid id, Guid role, TakeRolePages pages, HttpContext http) => pages.AskAsync(new Assignment(id, role, null), http),
            (Guid id, Guid role, TakeRolePages pages, HttpContext http) => pages.DoAsync(new Assignment(id, role, null), http)
        );
        Map(
            pages,
            RouteInOrganization,
            (Guid id, Guid role, Guid organization, TakeRolePages pages, HttpContext http) =>
                pages.AskAsync(new Assignment(id, role, organization), http),
            (Guid id, Guid role, Guid organization, TakeRolePages pages, HttpContext http) =>
                pages.DoAsync(new Assignment(id, role, organization), http)
        );
    }

    public static string PathOf(Guid user, HeldRole role) => PathOf(new Assignment(user, role.RoleId, role.Where?.Id));

    private static void Map(RouteGroupBuilder pages, string route, Delegate ask, Delegate act)
    {
        pages.MapGet(route, ask).RequirePermissionSomewhere(AccessArea.AssignRoles);
        pages.MapPost(route, act).RequirePermissionSomewhere(AccessArea.AssignRoles).FormOfConfirmation();
    }

    private static string PathOf(Assignment assignment) =>
        $"{UserAccessPages.PathOf(assignment.UserId)}/{assignment.RoleId}"
        + (assignment.OrganizationId is { } organization ? $"/{organization}/take" : "/take");

    private async Task<IResult> AskAsync(Assignment assignment, HttpContext http)
    {
        var asked = await ConfirmationAsync(assignment, http);
        return asked.Error is { } error ? error.ToProblem() : await http.ConfirmAsync(asked.Value);
    }

    private async Task<IResult> DoAsync(Assignment assignment, HttpContext http)
    {
        var asked = await ConfirmationAsync(assignment, http);
        if (asked.Error is { } error)
            return error.ToProblem();
        var (user, role) = (asked.Value.About[0].Value!, asked.Value.About[1].Value!);
        return await http.ActAsync(
            asked.Value,
            _ => revoke.HandleAsync(assignment, http.Actor(), http.RequestAborted),
            _ => Say(http, "page.console.access.taken", ("user", user), ("role", role))
        );
    }

    private async Task<Outcome<Confirmation>> ConfirmationAsync(Assignment assignment, HttpContext http)
    {
        var found = await roles.FindAsync(assignment.UserId, http.Actor(), http.RequestAborted);
        if (found.Error is { } error)
            return error;
        var held = found.Value;
        if (held.Roles.FirstOrDefault(r => r.RoleId == assignment.RoleId && r.Where?.Id == assignment.OrganizationId) is not { } role)
            return AccessErrors.RoleNotFound;
        var known = await database.QueryAsync(permissions.ReadAsync, http.RequestAborted);
        var lost = known
            .Groups(held.LostWith(role), http)
            .SelectMany(group => group.Permissions)
            .Select(permission => Say(http, "page.console.access.loses", ("permission", permission.Words), ("name", permission.Name)))
            .ToList();
        if (lost.Count == 0)
            lost.Add(Say(http, "page.console.access.loses-nothing"));
        return new Confirmation
        {
            Question = Say(http, "page.console.access.ask-take"),
            About =
            [
                new(Say(http, "page.console.user"), held.User.Name),
                new(Say(http, "page.console.role"), role.Label(http.Language())),
                new(Say(http, "page.console.role.where"), role.Where?.Name ?? Say(http, "page.console.whole-tenant")),
            ],
            Effects = [.. lost, Say(http, "page.console.access.effect-take")],
            Act = Say(http, "page.console.access.take"),
            Path = PathOf(assignment),
            Back = UserAccessPages.PathOf(assignment.UserId),
            Entry = UserAccessPages.Users,
        };
    }

    private string Say(HttpContext http, string key, params (string Name, object Value)[] values) =>
        texts.Text(key, http.Language(), TextInput.Limits(values));
}
