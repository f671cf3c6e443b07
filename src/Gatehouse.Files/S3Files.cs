using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Gatehouse.Files;

/// <summary>Amazon S3, or a store that speaks its protocol.</summary>
internal sealed class S3Files : IFileProvider, IDisposable
{
    private readonly AmazonS3Client client;
    private readonly S3Options options;

    public S3Files(FilesOptions files)
    {
        options = files.S3;
        var config = new AmazonS3Config
        {
            AuthenticationRegion = options.Region,
            ForcePathStyle = options.PathStyle,
            Timeout = TimeSpan.FromSeconds(files.TimeoutSeconds),
            MaxErrorRetry = 1,
            // Checksums in trailers are of Amazon alone: other stores keep their framing as content.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is null)
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        else
            config.ServiceURL = options.Endpoint.AbsoluteUri;
        client =
            options.AccessKey.Length == 0
                ? new AmazonS3Client(config)
                : new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    public async Task WriteAsync(FileKey key, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream(content.ToArray(), writable: false);
        var request = new PutObjectRequest
        {
            BucketName = options.Bucket,
            Key = key.ToString(),
            ContentType = contentType,
            InputStream = body,
            UseChunkEncoding = false,
        };
        await client.PutObjectAsync(request, cancellationToken);
    }

    public async Task<Stream?> OpenAsync(FileKey key, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetObjectAsync(options.Bucket, key.ToString(), cancellationToken)).ResponseStream;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }

    public async Task<long?> FindSizeAsync(FileKey key, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetObjectMetadataAsync(options.Bucket, key.ToString(), cancellationToken)).ContentLength;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = prefix };
        while (true)
        {
            var page = await client.ListObjectsV2Async(request, cancellationToken);
            foreach (var file in page.S3Objects ?? [])
                yield return file.Key;
            if (page.IsTruncated != true)
                yield break;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    public async Task RemoveAllAsync(string prefix, CancellationToken cancellationToken)
    {
        // One by one: deleting many at once asks for a checksum that not every store knows.
        await foreach (var key in ListAsync(prefix, cancellationToken))
            await client.DeleteObjectAsync(options.Bucket, key, cancellationToken);
    }

    public FileUpload SignUpload(FileKey key, string contentType, long size, DateTimeOffset expiresAt)
    {
        var request = Request(key, HttpVerb.PUT, expiresAt);
        request.ContentType = contentType;
        request.Headers.ContentLength = size;
        var length = size.ToString(CultureInfo.InvariantCulture);
        return new FileUpload(
            new Uri(client.GetPreSignedURL(request)),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Content-Type"] = contentType, ["Content-Length"] = length }
        );
    }

    public Uri SignDownload(FileKey key, string contentType, DateTimeOffset expiresAt) =>
        new(client.GetPreSignedURL(Request(key, HttpVerb.GET, expiresAt)));

    public string Describe(Exception failure) =>
        failure is AmazonServiceException { ErrorCode.Length: > 0 } told
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)told.StatusCode} {told.ErrorCode}")
            : failure.GetType().Name;

    public void Dispose() => client.Dispose();

    private GetPreSignedUrlRequest Request(FileKey key, HttpVerb verb, DateTimeOffset expiresAt) =>
        new()
        {
            BucketName = options.Bucket,
            Key = key.ToString(),
            Verb = verb,
            Expires = expiresAt.UtcDateTime,
            Protocol = options.Endpoint?.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS,
        };
}
