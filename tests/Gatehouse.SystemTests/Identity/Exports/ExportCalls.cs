using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.UserCreation;

namespace Gatehouse.SystemTests.Identity.Exports;

/// <summary>What users do to get what is held about them.</summary>
internal static class ExportCalls
{
    public const string Path = "/v1/me/export";

    public static Task<Answer> AskExportAsync(this TestApp app, SignedIn person) => app.Users.SendAsync(HttpMethod.Post, Path, person);

    /// <summary>Asks, and waits until it is made; its id.</summary>
    public static async Task<Guid> ExportAsync(this TestApp app, SignedIn person)
    {
        var end = await app.EndAsync(app.AskExportAsync(person), person);
        Assert.True(end.GetProperty("state").GetString() == "succeeded", end.ToString());
        return end.GetProperty("result").GetProperty("exportId").GetGuid();
    }

    public static Task<Answer> DownloadAsync(this TestApp app, SignedIn person, Guid id) =>
        app.Users.SendAsync(HttpMethod.Get, $"{Path}/{id}", person);

    /// <summary>The files of an export, by name.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> FilesAsync(this TestApp app, SignedIn person, Guid id)
    {
        var answer = await app.DownloadAsync(person, id);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return await FilesOfAsync(await answer.Response.Content.ReadAsByteArrayAsync());
    }

    public static async Task<IReadOnlyDictionary<string, string>> FilesOfAsync(byte[] content)
    {
        await using var zip = new ZipArchive(new MemoryStream(content));
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync(), Encoding.UTF8);
            files.Add(entry.FullName, await reader.ReadToEndAsync());
        }

        return files;
    }

    /// <summary>The rows of one of them.</summary>
    public static IReadOnlyList<JsonElement> Rows(this IReadOnlyDictionary<string, string> files, string name) =>
        [.. JsonDocument.Parse(files[name + ".json"]).RootElement.EnumerateArray()];

    public static string? Text(this JsonElement row, string member) => row.GetProperty(member).GetString();
}
