using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Files;

/// <summary>What is done with the forms for the own photo and for that of another user.</summary>
internal static class PhotoForms
{
    // The form around the picture is small.
    private const int MaxForm = PhotoStudio.MaxBytes + (8 * 1024);

    /// <param name="page">Where the form stands; null for the address to which it is sent.</param>
    public static RouteHandlerBuilder TakesPhoto(this RouteHandlerBuilder route, string? page = null) =>
        route.WithMetadata(new FileFormMark(page, MaxForm, "?done=" + PhotoForm.TooLarge)).LimitBy(FilesArea.UploadLimit);

    /// <summary>Null where there is none.</summary>
    public static async Task<SentPhoto?> ReadAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        using var bytes = new MemoryStream();
        if (form.Files.GetFile(PhotoForm.FieldName) is { } file)
            await file.CopyToAsync(bytes, http.RequestAborted);
        return bytes.Length == 0 ? null : new SentPhoto(bytes.ToArray(), Crop: null);
    }

    public static Error? AtField(Error error) =>
        error.AtField(PhotoForm.FieldName, FilesErrors.PhotoUnreadable, FilesErrors.PhotoDimensions);
}
