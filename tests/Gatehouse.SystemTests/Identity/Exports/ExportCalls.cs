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

/// <summary>Keeps the jobs of one user's exports from running, while the test does something in between.</summary>
internal sealed class HeldExports(TestApp app, Guid user) : IAsyncDisposable
{
    private string Name => $"hold_{user:N}";

    public static async Task<HeldExports> BeginAsync(TestApp app, Guid user)
    {
        var held = new HeldExports(app, user);
        await app.ExecuteAsync(
            $"""
            create function public.{held.Name}() returns trigger language plpgsql as
            'begin if new.kind = ''account.export'' and position(''{user}'' in new.payload) > 0 then new.run_at = ''2999-01-01''; end if;
             return new; end';
            """
        );
        await app.ExecuteAsync(
            $"create trigger {held.Name} before insert on runtime.jobs for each row execute function public.{held.Name}()"
        );
        return held;
    }

    public async ValueTask DisposeAsync()
    {
        await app.ExecuteAsync($"drop trigger {Name} on runtime.jobs");
        await app.ExecuteAsync($"drop function public.{Name}()");
        await app.ExecuteAsync(
            "update runtime.jobs set run_at = '2000-01-01' where kind = 'account.export' and position($1 in payload) > 0",
            user.ToString()
        );
    }
}
