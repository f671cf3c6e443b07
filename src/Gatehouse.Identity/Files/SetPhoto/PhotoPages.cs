using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
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
    // The form around the picture is small.
    private const int MaxForm = PhotoStudio.MaxBytes + (8 * 1024);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(AccountPages.PhotoPath, ShowAsync).RequireSignIn();
        pages
            .MapPost(AccountPages.PhotoPath, SetAsync)
            .WithMetadata(new FileFormMark(MaxForm, AccountPages.Path + "?done=" + AccountState.PhotoTooLarge))
            .LimitBy(FilesArea.UploadLimit)
            .RequireSignIn()
            .FormOf(AccountPages.Path);
        pages.MapPost(AccountPages.RemovePhotoPath, RemoveAsync).RequireSignIn().FormOf(AccountPages.Path);
    }

    private static async Task<IResult> ShowAsync(Database database, FileStore files, HttpContext http)
    {
        var actor = http.Actor();
        var user = await database.QueryAsync(db => StoredUser.FindAsync(db, actor.Tenant.Id, actor.RequiredUser.Id), http.RequestAborted);
        return
            user?.Photo is { } photo
            && files.IsOn
            && await files.OpenAsync(PictureAddresses.KeyOf(user.Id, photo), http.RequestAborted) is { } content
            ? TypedResults.Stream(content, StoredFile.PhotoType)
            : SiteFiles.NobodyPicture;
    }

    private static async Task<IResult> SetAsync(SetMyPhoto.Handler handler, GetMe.Handler me, PictureAddresses pictures, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        using var bytes = new MemoryStream();
        if (form.Files.GetFile(AccountPages.PhotoField) is { } file)
            await file.CopyToAsync(bytes, http.RequestAborted);
        var outcome =
            bytes.Length == 0
                ? FilesErrors.PhotoUnreadable
                : await handler.HandleAsync(new SentPhoto(bytes.ToArray(), Crop: null), http.Actor(), http.RequestAborted);
        return outcome.Error is { } error
            ? await AccountPages.ShowAsync(me, pictures, http, new AccountState { PhotoError = AtField(error) })
            : http.SeeOther(AccountPages.Path + "?done=" + AccountState.PhotoSet);
    }

    private static Error? AtField(Error error) =>
        error.AtField(AccountPages.PhotoField, FilesErrors.PhotoUnreadable, FilesErrors.PhotoDimensions);

    private static async Task<IResult> RemoveAsync(RemoveMyPhoto.Handler handler, HttpContext http) =>
        (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(_ =>
            http.SeeOther(AccountPages.Path + "?done=" + AccountState.PhotoRemoved)
        );
}
