using Gatehouse.Core.Actors;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Operations;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>One user in the console: why a sign-in fails first, then who that is, and what other modules know.</summary>
internal static class UserPages
{
    public const string PhotoSuffix = "/photo";

    private const string Sessions = "sessions";

    public static readonly ConsoleSection Overview = new()
    {
        Of = UsersPages.Path,
        Suffix = "",
        Text = "page.console.user.overview",
        Permission = AdministrationArea.ReadUsers,
        Order = 0,
    };

    public static readonly ConsoleSection SessionsSection = new()
    {
        Of = UsersPages.Path,
        Suffix = Sessions,
        Text = "page.console.user.sessions",
        Permission = AdministrationArea.ReadUsers,
        Order = 10,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(UsersPages.Path + "/{id:guid}", ShowAsync).RequirePermissionSomewhere(AdministrationArea.ReadUsers);
        pages
            .MapGet(UsersPages.Path + "/{id:guid}/" + Sessions, ShowSessionsAsync)
            .RequirePermissionSomewhere(AdministrationArea.ReadUsers);
    }

    public static string PathOf(Guid id) => Overview.PathOf(id);

    /// <summary>The page with the user's photo, which the area of files has.</summary>
    public static string PhotoPathOf(Guid id) => PathOf(id) + PhotoSuffix;

    /// <summary>The page of the user that an operation created.</summary>
    public static string? PathOfResult(OperationView operation) =>
        operation.Result?.TryGetValue("userId", out var id) == true ? PathOf(id.GetGuid()) : null;

    private static async Task<IResult> ShowAsync(
        Guid id,
        ManagedUsers users,
        FailedAttemptCounts attempts,
        UserSecurityReader security,
        Disabler disabler,
        HttpContext http
    )
    {
        var actor = http.Actor();
        var found = await users.FindAsync(id, actor, http.RequestAborted);
        if (found.Error is { } error)
            return error.ToProblem();
        var owned = await security.ReadAsync(id, actor, http.RequestAborted);
        return http.Page<UserPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(UserPage.User)] = found.Value,
                [nameof(UserPage.Attempts)] = await attempts.ReadAsync(actor.Tenant.Id, id, http.RequestAborted),
                [nameof(UserPage.DisabledBy)] = await disabler.FindAsync(found.Value.DisabledBy, actor, http.RequestAborted),
                [nameof(UserPage.Security)] = owned,
                [nameof(UserPage.ResetBy)] = await disabler.FindAsync(owned.ResetBy, actor, http.RequestAborted),
                [nameof(UserPage.MayChange)] = await MayChangeAsync(users, id, actor, http.RequestAborted),
                [nameof(UserPage.Fragments)] = await http.PartsAsync(UsersPages.Path, id),
            }
        );
    }

    private static async Task<IResult> ShowSessionsAsync(Guid id, ManagedUsers users, ListUserSessions.Handler sessions, HttpContext http)
    {
        var actor = http.Actor();
        var found = await users.FindAsync(id, actor, http.RequestAborted);
        if (found.Error is { } error)
            return error.ToProblem();
        var listed = await sessions.HandleAsync(id, PageInput.Of(http), actor, http.RequestAborted);
        if (listed.Error is { } failure)
            return failure.ToProblem();
        return http.Page<UserSessionsPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(UserSessionsPage.User)] = found.Value,
                [nameof(UserSessionsPage.Sessions)] = listed.Value.Items.Select(SessionLine.Of).ToList(),
                [nameof(UserSessionsPage.Links)] = listed.Value.Links,
                [nameof(UserSessionsPage.MayChange)] = await MayChangeAsync(users, id, actor, http.RequestAborted),
            }
        );
    }

    private static async Task<bool> MayChangeAsync(ManagedUsers users, Guid id, Actor actor, CancellationToken cancellationToken) =>
        actor.RequiredAccess.AllowsSomewhere(AdministrationArea.WriteUsers.Name)
        && await users.MayChangeAsync(id, actor, cancellationToken);
}
