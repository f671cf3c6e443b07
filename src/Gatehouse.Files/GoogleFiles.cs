using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Google;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.Storage.V1;

namespace Gatehouse.Files;

/// <summary>Google Cloud Storage.</summary>
internal sealed class GoogleFiles : IFileProvider, IDisposable
{
    private readonly StorageClient client;
    private readonly UrlSigner signer;
    private readonly GoogleFilesOptions options;
    private readonly TimeProvider clock;

    public GoogleFiles(FilesOptions files, TimeProvider clock)
    {
        (options, this.clock) = (files.Google, clock);
        var credential = CredentialFactory.FromFile<ServiceAccountCredential>(options.KeyFile);
        client = new StorageClientBuilder
        {
            Credential = credential,
            BaseUri = options.Endpoint is { } endpoint ? endpoint.AbsoluteUri.TrimEnd('/') + "/storage/v1/" : null,
        }.Build();
        signer = UrlSigner.FromCredential(credential);
    }

    public async Task WriteAsync(FileKey key, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream(content.ToArray(), writable: false);
        await client.UploadObjectAsync(options.Bucket, key.ToString(), contentType, body, cancellationToken: cancellationToken);
    }

    public async Task<Stream?> OpenAsync(FileKey key, CancellationToken cancellationToken)
    {
        // Its client writes into a stream, and has none to read from.
        var content = new MemoryStream();
        try
        {
            await client.DownloadObjectAsync(options.Bucket, key.ToString(), content, cancellationToken: cancellationToken);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        content.Position = 0;
        return content;
    }

    public async Task<long?> FindSizeAsync(FileKey key, CancellationToken cancellationToken)
    {
        try
        {
            var found = await client.GetObjectAsync(options.Bucket, key.ToString(), cancellationToken: cancellationToken);
            return (long?)found.Size;
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in client.ListObjectsAsync(options.Bucket, prefix).WithCancellation(cancellationToken))
            yield return file.Name;
    }

    public async Task RemoveAllAsync(string prefix, CancellationToken cancellationToken)
    {
        await foreach (var key in ListAsync(prefix, cancellationToken))
        {
            try
            {
                await client.DeleteObjectAsync(options.Bucket, key, cancellationToken: cancellationToken);
            }
            catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
            {
                // Somebody else removed it meanwhile.
            }
        }
    }

    public FileUpload SignUpload(FileKey key, string contentType, long size, DateTimeOffset expiresAt)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{size},{size}");
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Content-Type"] = contentType,
            ["x-goog-content-length-range"] = range,
        };
        return new FileUpload(Sign(key, HttpMethod.Put, expiresAt, headers), headers);
    }

    public Uri SignDownload(FileKey key, string contentType, DateTimeOffset expiresAt) =>
        Sign(key, HttpMethod.Get, expiresAt, new Dictionary<string, string>(StringComparer.Ordinal));

    public string Describe(Exception failure) =>
        failure is GoogleApiException told
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)told.HttpStatusCode} {told.Error?.Errors?.FirstOrDefault()?.Reason}")
            : failure.GetType().Name;

    public void Dispose() => client.Dispose();

    private Uri Sign(FileKey key, HttpMethod method, DateTimeOffset expiresAt, Dictionary<string, string> headers)
    {
        var request = UrlSigner
            .RequestTemplate.FromBucket(options.Bucket)
            .WithObjectName(key.ToString())
            .WithHttpMethod(method)
            .WithContentHeaders(headers.Where(h => h.Key == "Content-Type").Select(Header))
            .WithRequestHeaders(headers.Where(h => h.Key != "Content-Type").Select(Header));
        var settings = UrlSigner.Options.FromDuration(expiresAt - clock.GetUtcNow());
        if (options.Endpoint is { } endpoint)
            settings = settings.WithScheme(endpoint.Scheme).WithHost(endpoint.Authority);
        return new Uri(signer.Sign(request, settings));

        static KeyValuePair<string, IEnumerable<string>> Header(KeyValuePair<string, string> header) => new(header.Key, [header.Value]);
    }
}
