using System.IO.Compression;
using System.Text;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Gatehouse.Web.Exports;

namespace Gatehouse.Identity.Exports;

/// <summary>Collects what all modules hold about a user into a ZIP file. Only the compressed file is held in memory, and that is
/// bounded.</summary>
internal sealed class ExportFile(Database database, IEnumerable<ExportedRows> rows, MessageCatalog texts, TimeProvider clock)
{
    private const string Readme = "README.txt";

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
            await AddAsync(zip, Readme, now, stream => WriteReadmeAsync(stream, user, now, cancellationToken), cancellationToken);
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
        }
        catch (TooLargeException)
        {
            return ExportsErrors.TooLarge;
        }

        return new ReadOnlyMemory<byte>(buffer.GetBuffer(), 0, (int)buffer.Length);
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

    private async Task WriteReadmeAsync(Stream stream, StoredUser user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<string> lines =
        [
            Say("page.export.readme", TextInput.Limits(("at", now.ToMinuteText()))),
            "",
            .. files.Select(file => $"{file.Name}.json: {Say(file.Text)}"),
            "",
            Say("page.export.readme-secrets"),
        ];
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n"), cancellationToken);

        string Say(string text, IReadOnlyDictionary<string, object>? values = null) => texts.Text(text, user.Language, values);
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
