using System.IO.Compression;
using System.Text;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Files;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Gatehouse.Web.Exports;

namespace Gatehouse.Identity.Exports;

/// <summary>Collects what all modules hold about a user, the photo and the files that were sent into a ZIP file. Only the compressed file
/// is held in memory, and that is bounded: of the files that were sent those that do not fit are named instead.</summary>
internal sealed class ExportFile(
    Database database,
    IEnumerable<ExportedRows> rows,
    FileStore store,
    MessageCatalog texts,
    TimeProvider clock
)
{
    private const string Readme = "README.txt";
    private const string Photo = "photo.jpg";
    private const string SentFiles = "files/";

    // For the description and what compressing adds to what is compressed already; and for the names of an entry.
    private const int Reserve = 256 * 1024;
    private const int EntrySize = 1024;

    /// <summary>The most bytes of a file.</summary>
    public int MaxSize { get; init; } = 32 * 1024 * 1024;

    private readonly IReadOnlyList<ExportedRows> files = [.. rows.OrderBy(one => one.Name, StringComparer.Ordinal)];

    /// <param name="report">Is told how many files are done, and how many there are.</param>
    public async Task<Outcome<ReadOnlyMemory<byte>>> MakeAsync(
        StoredUser user,
        SubjectKey key,
        Func<int, int, Task> report,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        await using var buffer = new BoundedStream(MaxSize);
        try
        {
            await using var zip = await ZipArchive.CreateAsync(
                buffer,
                ZipArchiveMode.Create,
                leaveOpen: true,
                Encoding.UTF8,
                cancellationToken
            );
            for (var done = 0; done < files.Count; done++)
            {
                await report(done, files.Count);
                var file = files[done];
                await AddAsync(
                    zip,
                    file.Name + ".json",
                    now,
                    stream =>
                        database.QueryAsync(
                            async db =>
                            {
                                await file.WriteAsync(db, user.TenantId, key, stream, cancellationToken);
                                return true;
                            },
                            cancellationToken
                        ),
                    cancellationToken
                );
            }

            var sent = await AddSentAsync(zip, MaxSize - buffer.Length, user, now, cancellationToken);
            await AddAsync(zip, Readme, now, stream => WriteReadmeAsync(stream, user, sent, now, cancellationToken), cancellationToken);
        }
        catch (TooLargeException)
        {
            return ExportsErrors.TooLarge;
        }

        return new ReadOnlyMemory<byte>(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Adds what the user sent, as long as there is room.</summary>
    private async Task<Sent> AddSentAsync(
        ZipArchive zip,
        long room,
        StoredUser user,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var sent = new Sent();
        var listed = await database.QueryAsync(db => StoredFile.ListAsync(db, user.TenantId, user.Id), cancellationToken);
        if (listed.Count == 0 || !store.IsOn)
            return sent;
        var keys = (await store.ListAsync(user.Id, cancellationToken)).ToDictionary(key => key.Id);
        room -= Reserve;
        foreach (var file in listed)
        {
            // Not everything that was announced arrives, or as it was announced.
            if (!keys.TryGetValue(file.Id, out var key) || await store.FindSizeAsync(key, cancellationToken) != file.Size)
                continue;
            var name = file.Purpose == StoredFile.Photo ? Photo : $"{SentFiles}{file.Id}-{key.Name}";
            room -= EntrySize;
            if (file.Size > room)
            {
                sent.LeftOut.Add(name);
                continue;
            }

            await using var content = await store.OpenAsync(key, cancellationToken);
            if (content is null)
                continue;
            await AddAsync(zip, name, now, stream => content.CopyToAsync(stream, cancellationToken), cancellationToken);
            sent.Added.Add(name);
            room -= file.Size;
        }

        return sent;
    }

    private static async Task AddAsync(
        ZipArchive zip,
        string name,
        DateTimeOffset now,
        Func<Stream, Task> write,
        CancellationToken cancellationToken
    )
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = now;
        await using var stream = await entry.OpenAsync(cancellationToken);
        await write(stream);
    }

    private async Task WriteReadmeAsync(Stream stream, StoredUser user, Sent sent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<string> lines =
        [
            Say("page.export.readme", TextInput.Limits(("at", now.ToMinuteText()))),
            "",
            .. files.Select(file => $"{file.Name}.json: {Say(file.Text)}"),
            .. sent.Added.Contains(Photo) ? [$"{Photo}: {Say("page.export.photo")}"] : Array.Empty<string>(),
            .. sent.Added.Exists(IsSent) ? [$"{SentFiles}: {Say("page.export.sent-files")}"] : Array.Empty<string>(),
            "",
            .. sent.LeftOut.Count > 0 ? [Say("page.export.left-out"), .. sent.LeftOut, ""] : Array.Empty<string>(),
            Say("page.export.readme-secrets"),
        ];
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n"), cancellationToken);

        string Say(string text, IReadOnlyDictionary<string, object>? values = null) => texts.Text(text, user.Language, values);
    }

    private static bool IsSent(string name) => name.StartsWith(SentFiles, StringComparison.Ordinal);

    /// <summary>Names of what the user sent: what is in the export, and what did not fit.</summary>
    private sealed class Sent
    {
        public List<string> Added { get; } = [];

        public List<string> LeftOut { get; } = [];
    }

    // Of the ways to write, the memory stream leads all but single bytes here.
    private sealed class BoundedStream(int max) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Position + count > max)
                throw new TooLargeException();
            base.Write(buffer, offset, count);
        }
    }

    private sealed class TooLargeException : Exception;
}
