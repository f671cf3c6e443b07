using Gatehouse.Files;
using Gatehouse.Web;
using Gatehouse.Web.Pages;

namespace Gatehouse.Identity.Data;

/// <summary>Where the pictures of users can be seen. Addresses of photos are signed when they are read, unless the store is
/// public.</summary>
internal sealed class PictureAddresses(FileStore files, HttpOptions http)
{
    private const string FileName = "photo.jpg";

    /// <summary>Of a picture that stands for anybody.</summary>
    public string Nobody { get; } = http.BaseOf(domain: null) + SiteFiles.NobodyPath;

    /// <summary>Whether photos are kept here at all.</summary>
    public bool AreKept => files.IsOn;

    public static FileKey KeyOf(Guid userId, Guid photo) => FileKey.Make(userId, photo, FileName);

    /// <summary>Of the photo; without one, of a picture that stands for anybody.</summary>
    public string Of(StoredUser user) => OfPhoto(user) ?? Nobody;

    /// <summary>Null without a photo.</summary>
    public string? OfPhoto(StoredUser user) =>
        user.Photo is { } photo && files.IsOn ? files.AddressOf(KeyOf(user.Id, photo), StoredFile.PhotoType).Url.AbsoluteUri : null;
}
