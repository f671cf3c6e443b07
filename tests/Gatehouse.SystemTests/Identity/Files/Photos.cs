using System.Net.Http.Headers;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Files;

/// <summary>What is done with photos and files, as HTTP calls.</summary>
internal static class Photos
{
    public const string Nobody = "http://localhost:8080/assets/nobody.svg";

    public static Task<Answer> SetPhotoAsync(
        this TestApp app,
        SignedIn by,
        byte[] picture,
        string type = "image/jpeg",
        string path = "/v1/me/photo"
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new ByteArrayContent(picture) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.TryAddWithoutValidation(by.Tokens.Header.Name, by.Tokens.Header.Value);
        return app.Users.SendAsync(request);
    }

    public static async Task<string> PictureAsync(this TestApp app, SignedIn user) =>
        (await app.Users.MeAsync(user.Tokens)).Body.GetProperty("picture").GetString()!;

    /// <summary>The path of an address, which names the server as users reach it.</summary>
    public static string Local(string address) => new Uri(address).PathAndQuery;

    public static async Task<(int Status, string? Type, byte[] Content)> ReadAsync(this TestApp app, string address)
    {
        using var answer = await app.Http.GetAsync(new Uri(Local(address), UriKind.Relative));
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsByteArrayAsync());
    }

    public static Task<Answer> UploadUrlAsync(
        this TestApp app,
        SignedIn by,
        long size,
        string name = "cv.pdf",
        string contentType = "application/pdf",
        string purpose = "document"
    ) =>
        app.Users.SendAsync(
            HttpMethod.Post,
            "/v1/files/upload-urls",
            by,
            new
            {
                fileName = name,
                contentType,
                size,
                purpose,
            }
        );

    public static Task<Answer> DownloadUrlsAsync(this TestApp app, SignedIn by, params string[] keys) =>
        app.Users.SendAsync(HttpMethod.Post, "/v1/files/download-urls", by, new { keys });

    /// <summary>Sends as the answer says.</summary>
    public static async Task<int> UploadAsync(HttpClient http, JsonElement upload, byte[] content, string? url = null, string? type = null)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(upload.GetProperty("method").GetString()!),
            url ?? upload.GetProperty("url").GetString()
        )
        {
            Content = new ByteArrayContent(content),
        };
        foreach (var header in upload.GetProperty("headers").EnumerateObject().Where(h => h.Name != "Content-Length"))
        {
            if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()))
                request.Content.Headers.TryAddWithoutValidation(header.Name, type ?? header.Value.GetString());
        }

        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    /// <summary>The files of a user in the folder.</summary>
    public static string[] InFolder(Guid userId)
    {
        var folder = Path.Combine(TestApp.FilesFolder, "users", userId.ToString());
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }
}
