using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>What a user may do: the roles with who gave them, and what follows from them.</summary>
internal sealed class UserAccessPages(UserRoles roles, Database database, KnownPermissions permissions)
{
    public const string Users = "/admin/users";

    public static readonly ConsoleSection Section = new()
    {
        Of = Users,
        Suffix = "access",
        Text = "page.console.access",
        Permission = AccessArea.ReadRoles,
        Order = 5,
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapGet(Users + "/{id:guid}/access", (Guid id, UserAccessPages pages, HttpContext http) => pages.ShowAsync(id, http))
            .RequirePermissionSomewhere(AccessArea.ReadRoles);

    public static string PathOf(Guid user) => Section.PathOf(user);

    private async Task<IResult> ShowAsync(Guid id, HttpContext http)
    {
        var actor = http.Actor();
        var found = await roles.FindAsync(id, actor, http.RequestAborted);
        if (found.Error is { } error)
            return error.ToProblem();
        var held = found.Value;
        var known = await database.QueryAsync(permissions.ReadAsync, http.RequestAborted);
        return http.Page<UserAccessPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(UserAccessPage.Held)] = held,
                [nameof(UserAccessPage.Groups)] = known.Groups(held.Effective.Select(group => group.Key), http),
                [nameof(UserAccessPage.MayGive)] = actor.RequiredAccess.AllowsSomewhere(AccessArea.AssignRoles.Name),
                [nameof(UserAccessPage.IsPart)] = actor.RequiredAccess.OrganizationsWith(AccessArea.ReadRoles.Name) is not null,
            }
        );
    }
}

/// <summary>The roles in short, on the first page about a user.</summary>
internal sealed class UserRolesPart(UserRoles roles) : IConsolePart
{
    public string Of => UserAccessPages.Users;

    public int Order => 5;

    public async Task<ConsoleFragment?> ShowAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        actor.RequiredAccess.AllowsSomewhere(AccessArea.ReadRoles.Name)
        && await roles.FindAsync(id, actor, cancellationToken) is { Error: null, Value: var held }
            ? ConsoleFragment.Of<UserRolesSummary>(
                new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(UserRolesSummary.Held)] = held }
            )
            : null;
}
