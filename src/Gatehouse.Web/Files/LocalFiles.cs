using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Core.Hosting;
using Gatehouse.Encryption;
using Gatehouse.Files;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web.Files;

/// <summary>A folder of this machine. This server answers at the signed addresses itself: see <see cref="LocalFileEndpoints"/>.</summary>
internal sealed partial class LocalFiles(FilesOptions files, HttpOptions http, ServerKeys serverKeys, ILogger<LocalFiles> logger)
    : IFileProvider,
        IStartupTask
{
    public const string Path = "/files/";

    private const string Absent = "its folder does not have 'unfinished' in it; is it mounted?";

    private readonly string root = files.Local.Folder;

    // What is being written stands beside the folder of the users, so that no listing finds half a file. It is made when the server
    // starts and never later: while it is missing, a shared folder is not mounted, and what is on it is neither gone nor removed.
    private readonly string unfinished = System.IO.Path.Combine(files.Local.Folder, "unfinished");

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (files.Store == LocalFilesOptions.StoreName)
                Directory.CreateDirectory(unfinished);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotPrepared(logger, e.GetType().Name);
        }

        return Task.CompletedTask;
    }

    public async Task WriteAsync(FileKey key, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken)
    {
        using var source = new MemoryStream(content.ToArray(), writable: false);
        await WriteAsync(key, source, content.Length, cancellationToken);
    }

    /// <summary>Whether the source had exactly so many bytes; otherwise nothing is written.</summary>
    public async Task<bool> WriteAsync(FileKey key, Stream source, long size, CancellationToken cancellationToken)
    {
        RejectAbsence();
        var temporary = System.IO.Path.Combine(unfinished, $"{key.Id:N}-{Token()}");
        try
        {
            await using (
                var target = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous)
            )
            {
                if (!await CopyAsync(source, target, size, cancellationToken))
                    return false;
            }

            var path = PathOf(key);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
            return true;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public Task<Stream?> OpenAsync(FileKey key, CancellationToken cancellationToken)
    {
        var content = Open(key);
        if (content is null)
            RejectAbsence();
        return Task.FromResult(content);
    }

    /// <summary>Null for no such file.</summary>
    public Stream? Open(FileKey key)
    {
        try
        {
            return new FileStream(
                PathOf(key),
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                4096,
                FileOptions.Asynchronous
            );
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public Task<long?> FindSizeAsync(FileKey key, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(key));
        if (!file.Exists)
            RejectAbsence();
        return Task.FromResult<long?>(file.Exists ? file.Length : null);
    }

    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) =>
        Find(prefix).Files.Select(file => System.IO.Path.GetRelativePath(root, file)).ToAsyncEnumerable();

    public Task RemoveAllAsync(string prefix, CancellationToken cancellationToken)
    {
        var (folder, files) = Find(prefix);
        foreach (var file in files)
            File.Delete(file);
        if (prefix.EndsWith('/') && Directory.Exists(folder))
            Directory.Delete(folder);
        return Task.CompletedTask;
    }

    public FileUpload SignUpload(FileKey key, string contentType, long size, DateTimeOffset expiresAt)
    {
        var length = size.ToString(CultureInfo.InvariantCulture);
        return new FileUpload(
            AddressOf(new SignedFile("PUT", key, contentType, size, expiresAt.ToUnixTimeSeconds())),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Content-Type"] = contentType, ["Content-Length"] = length }
        );
    }

    public Uri SignDownload(FileKey key, string contentType, DateTimeOffset expiresAt) =>
        AddressOf(new SignedFile("GET", key, contentType, Size: 0, expiresAt.ToUnixTimeSeconds()));

    public string Describe(Exception failure) => failure is DependencyAwayException ? Absent : failure.GetType().Name;

    public bool IsGenuine(SignedFile file, string signature)
    {
        var expected = Encoding.ASCII.GetBytes(Sign(file));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature));
    }

    private (string Folder, string[] Files) Find(string prefix)
    {
        RejectAbsence();
        var path = System.IO.Path.Combine(root, prefix);
        var (folder, start) = (System.IO.Path.GetDirectoryName(path)!, System.IO.Path.GetFileName(path));
        return (folder, Directory.Exists(folder) ? Directory.GetFiles(folder, start + "*") : []);
    }

    private void RejectAbsence()
    {
        if (!Directory.Exists(unfinished))
            throw new DependencyAwayException(Absent);
    }

    private Uri AddressOf(SignedFile file)
    {
        var query = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["type"] = file.ContentType,
            ["size"] = file.Size.ToString(CultureInfo.InvariantCulture),
            ["expires"] = file.ExpiresAt.ToString(CultureInfo.InvariantCulture),
            ["signature"] = Sign(file),
        };
        return new Uri(QueryHelpers.AddQueryString(http.BaseOf(domain: null) + Path + file.Key, query));
    }

    private string Sign(SignedFile file)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{file.Method}\n{file.Key}\n{file.ContentType}\n{file.Size}\n{file.ExpiresAt}"
        );
        return WebEncoders.Base64UrlEncode(HMACSHA256.HashData(serverKeys.Get(ServerKeys.Files), Encoding.UTF8.GetBytes(text)));
    }

    // A key holds nothing that leads out of the folder.
    private string PathOf(FileKey key) => System.IO.Path.Combine(root, key.ToString());

    private static string Token() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private static async Task<bool> CopyAsync(Stream source, FileStream target, long size, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var written = 0L;
        for (int read; (read = await source.ReadAsync(buffer, cancellationToken)) > 0; )
        {
            written += read;
            if (written > size)
                return false;
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return written == size;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "The folder of files cannot be created ({Reason}). Photos and files are rejected until it is there; check Files:Local:Folder"
        )]
        public static partial void NotPrepared(ILogger logger, string reason);
    }
}

/// <summary>What an address of a local file says, and its signature covers.</summary>
/// <param name="Size">Of an upload, in bytes; 0 otherwise.</param>
/// <param name="ExpiresAt">In seconds since 1970.</param>
internal sealed record SignedFile(string Method, FileKey Key, string ContentType, long Size, long ExpiresAt);
