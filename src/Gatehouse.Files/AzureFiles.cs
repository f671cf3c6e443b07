using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace Gatehouse.Files;

/// <summary>Azure Blob Storage. Its signed addresses state no size; that is compared afterwards.</summary>
internal sealed class AzureFiles : IFileProvider
{
    private readonly BlobContainerClient container;

    public AzureFiles(FilesOptions files)
    {
        var options = files.Azure;
        var endpoint = options.Endpoint ?? new Uri($"https://{options.Account}.blob.core.windows.net");
        var settings = new BlobClientOptions { Retry = { MaxRetries = 1, NetworkTimeout = TimeSpan.FromSeconds(files.TimeoutSeconds) } };
        // Keys of files are no matter of logs or traces.
        settings.Diagnostics.IsLoggingEnabled = false;
        settings.Diagnostics.IsDistributedTracingEnabled = false;
        settings.Diagnostics.IsTelemetryEnabled = false;
        container = new BlobContainerClient(
            new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{options.Container}"),
            new StorageSharedKeyCredential(options.Account, options.Key),
            settings
        );
    }

    public async Task WriteAsync(FileKey key, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        await Blob(key)
            .UploadAsync(
                BinaryData.FromBytes(content),
                new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = contentType } },
                cancellationToken
            );

    public async Task<Stream?> OpenAsync(FileKey key, CancellationToken cancellationToken)
    {
        try
        {
            return (await Blob(key).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    public async Task<long?> FindSizeAsync(FileKey key, CancellationToken cancellationToken)
    {
        try
        {
            return (await Blob(key).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
            yield return blob.Name;
    }

    public async Task RemoveAllAsync(string prefix, CancellationToken cancellationToken)
    {
        await foreach (var key in ListAsync(prefix, cancellationToken))
            await container.DeleteBlobIfExistsAsync(key, cancellationToken: cancellationToken);
    }

    public FileUpload SignUpload(FileKey key, string contentType, long size, DateTimeOffset expiresAt) =>
        new(
            // No right to write: a file whose size was compared is not replaced.
            Blob(key).GenerateSasUri(BlobSasPermissions.Create, expiresAt),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Content-Type"] = contentType, ["x-ms-blob-type"] = "BlockBlob" }
        );

    public Uri SignDownload(FileKey key, string contentType, DateTimeOffset expiresAt) =>
        Blob(key).GenerateSasUri(BlobSasPermissions.Read, expiresAt);

    public string Describe(Exception failure) =>
        failure is RequestFailedException { Status: > 0 } told
            ? string.Create(CultureInfo.InvariantCulture, $"{told.Status} {told.ErrorCode}")
            : failure.GetType().Name;

    private BlobClient Blob(FileKey key) => container.GetBlobClient(key.ToString());
}
