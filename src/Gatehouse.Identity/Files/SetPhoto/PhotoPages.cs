using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Files;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Files;

/// <summary>The photo on the page of the own account. The picture comes through this server, because the pages show none of
/// others.</summary>
internal static class PhotoPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(AccountPages.PhotoPath, ShowAsync).RequireSignIn();
        pages.MapPost(AccountPages.PhotoPath, SetAsync).TakesPhoto(AccountPages.Path).RequireSignIn().FormOf(AccountPages.Path);
        pages.MapPost(AccountPages.RemovePhotoPath, RemoveAsync).RequireSignIn().FormOf(AccountPages.Path);
    }

    private static async Task<IResult> ShowAsync(Database database, FileStore files, HttpContext http)
    {
        var actor = http.Actor();
        return await PictureAsync(actor.RequiredUser.Id, actor, database, files, http.RequestAborted);
    }

    /// <summary>The user's photo, or the picture that stands for anybody.</summary>
    public static async Task<IResult> PictureAsync(
        Guid userId,
        Actor actor,
        Database database,
        FileStore files,
        CancellationToken cancellationToken
    )
    {
        var user = await database.QueryAsync(db => StoredUser.FindAsync(db, actor.Tenant.Id, userId), cancellationToken);
        return
            user?.Photo is { } photo
            && files.IsOn
            && await files.OpenAsync(PictureAddresses.KeyOf(user.Id, photo), cancellationToken) is { } content
            ? TypedResults.Stream(content, StoredFile.PhotoType)
            : SiteFiles.NobodyPicture;
    }

    private static async Task<IResult> SetAsync(SetMyPhoto.Handler handler, GetMe.Handler me, PictureAddresses pictures, HttpContext http)
    {
        var outcome = await PhotoForms.ReadAsync(http) is { } sent
            ? await handler.HandleAsync(sent, http.Actor(), http.RequestAborted)
            : FilesErrors.PhotoUnreadable;
        return outcome.Error is { } error
            ? await AccountPages.ShowAsync(me, pictures, http, new AccountState { PhotoError = PhotoForms.AtField(error) })
            : http.SeeOther(AccountPages.Path + "?done=" + AccountState.PhotoSet);
    }

    private static async Task<IResult> RemoveAsync(RemoveMyPhoto.Handler handler, HttpContext http) =>
        (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(_ =>
            http.SeeOther(AccountPages.Path + "?done=" + AccountState.PhotoRemoved)
        );
}
