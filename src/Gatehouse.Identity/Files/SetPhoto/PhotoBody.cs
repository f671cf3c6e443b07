using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Identity.Files;

/// <summary>The body of a request that is a picture. What it really is, its content tells.</summary>
internal static class PhotoBody
{
    public const string Crop = PhotoCrop.Field;

    public static readonly string[] Types = ["image/jpeg", "image/png", "image/webp"];

    public const string Description =
        "The body is the picture itself: JPEG, PNG or WebP, at most 2 MB and 25 million pixels, whatever type is announced. It is stored "
        + "as an upright JPEG of at most 512 × 512 pixels without metadata. Without crop the largest square in the middle is taken.";

    public static async Task<Outcome<SentPhoto>> ReadAsync(HttpContext http, string? crop)
    {
        if (
            !MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || !Types.Contains(type.MediaType.Value?.ToLowerInvariant())
        )
            return RequestErrors.ContentType;
        var errors = new ValidationErrors();
        var part = PhotoCrop.Parse(crop, errors);
        if (errors.Any)
            return RequestErrors.InvalidWith(errors);
        var body = await RequestBody.ReadAsync(http, PhotoStudio.MaxBytes);
        return body.Error is { } error ? error : new SentPhoto(body.Value.Bytes, part);
    }
}
