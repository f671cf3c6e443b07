using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Files;

/// <summary>Photos and files of users.</summary>
internal sealed class FilesArea : IArea
{
    public static readonly RateLimitPolicy UploadLimit = RateLimitPolicy.Of<FilesLimits>("upload", limits => limits.Upload);

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<SetMyPhoto.Handler>("Account", SetMyPhoto.Map),
        Slice.Operation<RemoveMyPhoto.Handler>("Account", RemoveMyPhoto.Map),
        Slice.Operation<SetUserPhoto.Handler>("Users", SetUserPhoto.Map),
        Slice.Operation<RemoveUserPhoto.Handler>("Users", RemoveUserPhoto.Map),
        Slice.Operation<CreateUploadUrl.Handler>("Files", CreateUploadUrl.Map),
        Slice.Operation<CreateDownloadUrls.Handler>("Files", CreateDownloadUrls.Map),
        Slice.Routes(PhotoPages.Map),
        Slice.Routes(UserPhotoPages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRateLimits<FilesLimits>(configuration);
        services.AddRequests(FilesJson.Default);
        services.AddSingleton<PictureAddresses>();
        services.AddSingleton<UserFiles>();
        services.AddSingleton<PhotoStudio>();
        services.AddSingleton<PhotoChange>();
        services.AddRecurring<RemoveUnkeptFiles>("identity.remove-unkept-files", TimeSpan.FromMinutes(10));
    }
}

/// <summary>How often one client address may send photos and files.</summary>
internal sealed class FilesLimits
{
    /// <summary>Sending a photo, or asking for an address to send a file to.</summary>
    public RateLimitRule Upload { get; set; } = new() { Permits = 60, Window = TimeSpan.FromHours(1) };
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class FilesErrors
{
    /// <summary>The installation keeps no files.</summary>
    public static readonly Error Off = new("identity.files-off", ErrorKind.Conflict);

    /// <summary>Not a JPEG, PNG or WebP, or only a part of one.</summary>
    public static readonly Error PhotoUnreadable = new("identity.photo-unreadable", ErrorKind.Refused);

    /// <summary>More pixels than are decoded, however small the file.</summary>
    public static readonly Error PhotoDimensions = new("identity.photo-dimensions", ErrorKind.Refused);

    /// <summary>No such file in the actor's reach, or it was not sent yet. Said of foreign and made-up keys alike, as an error of the
    /// field.</summary>
    public static readonly Error FileNotFound = new("identity.file-not-found", ErrorKind.NotFound);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CreateUploadUrl.Request), TypeInfoPropertyName = "CreateUploadUrlRequest")]
[JsonSerializable(typeof(CreateUploadUrl.Response), TypeInfoPropertyName = "CreateUploadUrlResponse")]
[JsonSerializable(typeof(CreateDownloadUrls.Request), TypeInfoPropertyName = "CreateDownloadUrlsRequest")]
[JsonSerializable(typeof(CreateDownloadUrls.Response), TypeInfoPropertyName = "CreateDownloadUrlsResponse")]
internal sealed partial class FilesJson : JsonSerializerContext;
