using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Files;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Administration;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Files;

/// <summary>The photo of another user: a moderator sees, sets and removes it. The picture comes through this server, because the pages
/// show none of others.</summary>
internal static class UserPhotoPages
{
    private const string Route = UsersPages.Path + "/{id:guid}" + UserPages.PhotoSuffix;
    private const string RemoveRoute = Route + "/remove";
    private const string Picture = "/picture";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        // Who had to sign in before removing it comes back to the form, too.
        foreach (var page in new[] { Route, RemoveRoute })
            pages
                .MapGet(
                    page,
                    (Guid id, string? done, ManagedUsers users, PictureAddresses pictures, HttpContext http) =>
                        ShowAsync(id, users, pictures, http, PhotoForm.Told(done))
                )
                .RequirePermissionSomewhere(AdministrationArea.WriteUsers);
        pages.MapGet(Route + Picture, ShowPictureAsync).RequirePermissionSomewhere(AdministrationArea.WriteUsers);
        pages.MapPost(Route, SetAsync).TakesPhoto().RequirePermissionSomewhere(AdministrationArea.WriteUsers).FormOfItself();
        pages.MapPost(RemoveRoute, RemoveAsync).RequirePermissionSomewhere(AdministrationArea.WriteUsers).FormOfItself();
    }

    public static string PicturePathOf(Guid id) => UserPages.PhotoPathOf(id) + Picture;

    private static async Task<IResult> ShowPictureAsync(
        Guid id,
        ManagedUsers users,
        Database database,
        FileStore files,
        HttpContext http
    ) =>
        (await users.FindAsync(id, http.Actor(), http.RequestAborted)).Error is { } error
            ? error.ToProblem()
            : await PhotoPages.PictureAsync(id, http.Actor(), database, files, http.RequestAborted);

    private static async Task<IResult> SetAsync(
        Guid id,
        SetUserPhoto.Handler handler,
        ManagedUsers users,
        PictureAddresses pictures,
        MessageCatalog texts,
        HttpContext http
    )
    {
        var outcome = await PhotoForms.ReadAsync(http) is { } sent
            ? await handler.HandleAsync(id, sent, http.Actor(), http.RequestAborted)
            : FilesErrors.PhotoUnreadable;
        return outcome.Error is { } error
            ? await ShowAsync(id, users, pictures, http, PhotoForms.AtField(error))
            : http.Tell(texts.Say(http, "page.console.user.photo-set", ("name", outcome.Value.Name)), UserPages.PhotoPathOf(id));
    }

    private static async Task<IResult> RemoveAsync(
        Guid id,
        RemoveUserPhoto.Handler handler,
        ManagedUsers users,
        PictureAddresses pictures,
        MessageCatalog texts,
        HttpContext http
    )
    {
        var outcome = await handler.HandleAsync(id, http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return await ShowAsync(id, users, pictures, http, error);
        return (await users.FindAsync(id, http.Actor(), http.RequestAborted)).ToResult(user =>
            http.Tell(texts.Say(http, "page.console.user.photo-removed", ("name", user.Name)), UserPages.PhotoPathOf(id))
        );
    }

    private static async Task<IResult> ShowAsync(Guid id, ManagedUsers users, PictureAddresses pictures, HttpContext http, Error? error)
    {
        if (!pictures.AreKept)
            return FilesErrors.Off.ToProblem();
        var found = await users.FindAsync(id, http.Actor(), http.RequestAborted);
        return found.ToResult(user =>
            http.Page<UserPhotoPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(UserPhotoPage.User)] = user,
                    [nameof(UserPhotoPage.Error)] = error,
                },
                HttpMethods.IsGet(http.Request.Method) ? null : error
            )
        );
    }
}
