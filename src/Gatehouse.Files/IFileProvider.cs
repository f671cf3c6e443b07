namespace Gatehouse.Files;

/// <summary>
/// One way to keep files, chosen by its name. Calls fail with the exceptions of whatever they rest on; <see cref="FileStore"/> tells what
/// those mean.
/// </summary>
internal interface IFileProvider
{
    /// <summary>Writes the whole file or nothing; one that is there is replaced.</summary>
    Task WriteAsync(FileKey key, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken);

    /// <summary>Null for no such file.</summary>
    Task<Stream?> OpenAsync(FileKey key, CancellationToken cancellationToken);

    /// <summary>In bytes; null for no such file.</summary>
    Task<long?> FindSizeAsync(FileKey key, CancellationToken cancellationToken);

    /// <summary>The keys of files that begin so.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Removes the files whose keys begin so; none is no failure.</summary>
    Task RemoveAllAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>An address that takes this very file, in type and where the store can in size, until then.</summary>
    FileUpload SignUpload(FileKey key, string contentType, long size, DateTimeOffset expiresAt);

    /// <summary>An address at which the file can be read until then.</summary>
    Uri SignDownload(FileKey key, string contentType, DateTimeOffset expiresAt);

    /// <summary>What failed, in the store's own word, without keys or addresses.</summary>
    string Describe(Exception failure);
}

/// <summary>How a file is sent to the store.</summary>
/// <param name="Url">Signed.</param>
/// <param name="Headers">To be sent along, exactly so.</param>
public sealed record FileUpload(Uri Url, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Hides the address: a record's own text would print it.</summary>
    public override string ToString() => nameof(FileUpload);
}

/// <summary>Where a file can be read.</summary>
/// <param name="ExpiresAt">Null for a plain address of a public store.</param>
public sealed record FileAddress(Uri Url, DateTimeOffset? ExpiresAt)
{
    /// <summary>Hides the address: a record's own text would print it.</summary>
    public override string ToString() => nameof(FileAddress);
}
