using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Files;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Tests.Identity.Files;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.SystemTests.Identity.Files;

/// <summary>Every store does the same: those of Amazon and Microsoft as their emulators do it, Google's as a stand-in of its documented
/// interface. The emulator of Amazon's takes any signature of the fourth version, so that is evaluated here.</summary>
public sealed class FileStoreTests : IAsyncLifetime
{
    private const string Folder = "Foreign/Storage";
    private const string S3Key = "S3RVER";
    private const string AzureKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly byte[] Content = "%PDF-1.7 test"u8.ToArray();

    private readonly List<Process> processes = [];
    private readonly string data = Directory.CreateTempSubdirectory("gatehouse-stores-").FullName;

    public async ValueTask InitializeAsync() => await NodePackages.InstallAsync(Folder);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task S3_keeps_serves_and_removes_files() => await KeepsFilesAsync(await StartS3Async(), checksSignatures: false);

    [Fact]
    public async Task Azure_keeps_serves_and_removes_files() => await KeepsFilesAsync(await StartAzureAsync(), takesAnySize: true);

    [Fact]
    public async Task Google_keeps_serves_and_removes_files()
    {
        await using var google = await GoogleServer.StartAsync(data);
        await KeepsFilesAsync(google.Options);
    }

    [Fact]
    public void Addresses_of_S3_are_signed_with_type_size_and_time()
    {
        using var store = new Store(S3("https://s3.example.com"));
        var key = NewKey();
        var expiresAt = store.Files.NextExpiry();

        var upload = store.Files.SignUpload(key, "application/pdf", Content.Length, expiresAt);
        var download = store.Files.AddressOf(key, "application/pdf").Url;

        (string, string)[] headers = [("content-length", "13"), ("content-type", "application/pdf"), ("host", "s3.example.com")];
        Assert.Equal(Signature("PUT", upload.Url, headers), Query(upload.Url)["X-Amz-Signature"]);
        Assert.Equal(Signature("GET", download, headers[2..]), Query(download)["X-Amz-Signature"]);
        Assert.Equal("content-length;content-type;host", Query(upload.Url)["X-Amz-SignedHeaders"]);
        Assert.InRange(int.Parse(Query(download)["X-Amz-Expires"]!, CultureInfo.InvariantCulture), 890, 900);
    }

    [Fact]
    public void A_public_store_gives_plain_addresses()
    {
        var options = S3("https://s3.example.com");
        options.PublicUrl = new Uri("https://files.example.com/bucket/");
        using var store = new Store(options);
        var key = NewKey();

        var address = store.Files.AddressOf(key, "application/pdf");

        Assert.Equal(($"https://files.example.com/bucket/{key}", (DateTimeOffset?)null), (address.Url.AbsoluteUri, address.ExpiresAt));
    }

    [Fact]
    public async Task A_photo_is_kept_in_s3_and_a_store_that_goes_away_changes_nothing()
    {
        var options = await StartS3Async();
        await using var app = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Files:Store"] = "s3",
                ["Files:Local:Folder"] = null,
                ["Files:S3:Endpoint"] = options.S3.Endpoint!.AbsoluteUri,
                ["Files:S3:Bucket"] = options.S3.Bucket,
                ["Files:S3:PathStyle"] = "true",
                ["Files:S3:AccessKey"] = options.S3.AccessKey,
                ["Files:S3:SecretKey"] = options.S3.SecretKey,
            }
        );
        var ada = await app.Users.SomebodyAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(ada, TestPictures.RedAndBlue(90, 60))).Status);
        using var http = new HttpClient();
        var picture = new Uri(await app.PictureAsync(ada));
        Assert.Equal(60, TestPictures.Look(await http.GetByteArrayAsync(picture)).Width);

        processes[0].Kill(entireProcessTree: true);
        await processes[0].WaitForExitAsync();
        await app.SetPhotoAsync(ada, TestPictures.RedAndBlue(90, 60))
            .RejectedAsync(HttpStatusCode.ServiceUnavailable, "request.dependency-unavailable");
        Assert.Equal(picture.AbsolutePath, new Uri(await app.PictureAsync(ada)).AbsolutePath);
        Assert.Equal(
            1,
            await app.ScalarAsync<long>("select count(*) from audit.records where subject = $1 and action = 'user.updated'", ada.UserId)
        );
    }

    private static async Task KeepsFilesAsync(FilesOptions options, bool takesAnySize = false, bool checksSignatures = true)
    {
        using var store = new Store(options);
        using var http = new HttpClient();
        var (files, key, other, cancel) = (store.Files, NewKey(), NewKey(), TestContext.Current.CancellationToken);
        Assert.Null(await files.FindSizeAsync(key, cancel));
        Assert.Null(await files.OpenAsync(key, cancel));
        await files.RemoveAllAsync(key.UserId, cancel);

        await files.WriteAsync(other, Content, "application/pdf", cancel);
        Assert.Equal(Content, await ReadAsync(files, other));

        var upload = files.SignUpload(key, "application/pdf", Content.Length, files.NextExpiry());
        if (checksSignatures && !takesAnySize)
            Assert.InRange(await SendAsync(http, upload, [.. Content, .. Content]), 400, 499);
        Assert.InRange(await SendAsync(http, upload, Content), 200, 201);
        var altered = upload with { Url = new Uri(upload.Url.AbsoluteUri.Replace("cv.pdf", "cw.pdf", StringComparison.Ordinal)) };
        if (checksSignatures)
            Assert.InRange(await SendAsync(http, altered, Content), 400, 499);
        Assert.Equal([key], await files.ListAsync(key.UserId, cancel));
        // What is there keeps its size, whatever the address says of one.
        if (checksSignatures)
            Assert.InRange(await SendAsync(http, upload, [.. Content, .. Content]), 400, 499);
        Assert.Equal(Content.Length, await files.FindSizeAsync(key, cancel));

        var address = files.AddressOf(key, "application/pdf").Url;
        using (var answer = await http.GetAsync(address, cancel))
        {
            Assert.Equal(Content, await answer.Content.ReadAsByteArrayAsync(cancel));
            Assert.Equal("application/pdf", answer.Content.Headers.ContentType?.MediaType);
        }

        using (var unsigned = await http.GetAsync(new Uri(address.GetLeftPart(UriPartial.Path)), cancel))
            Assert.Equal(checksSignatures, !unsigned.IsSuccessStatusCode);

        var second = FileKey.Make(key.UserId, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), "a.jpg");
        await files.WriteAsync(second, Content, "image/jpeg", cancel);
        await files.RemoveAsync(key.UserId, key.Id, cancel);
        Assert.Null(await files.FindSizeAsync(key, cancel));
        Assert.Equal(Content.Length, await files.FindSizeAsync(second, cancel));
        await files.RemoveAllAsync(key.UserId, cancel);
        Assert.Null(await files.FindSizeAsync(second, cancel));
        Assert.Equal(Content, await ReadAsync(files, other));
    }

    private static FileKey NewKey()
    {
        var now = TimeProvider.System.GetUtcNow();
        return FileKey.Make(Guid.CreateVersion7(now), Guid.CreateVersion7(now), "cv.pdf");
    }

    private static async Task<byte[]> ReadAsync(FileStore files, FileKey key)
    {
        await using var content = (await files.OpenAsync(key, CancellationToken.None))!;
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static async Task<int> SendAsync(HttpClient http, FileUpload upload, byte[] content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, upload.Url) { Content = new ByteArrayContent(content) };
        foreach (var (name, value) in upload.Headers.Where(header => header.Key != "Content-Length"))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static Dictionary<string, StringValues> Query(Uri url) => QueryHelpers.ParseQuery(url.Query);

    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    private static string Signature(string method, Uri url, params (string Name, string Value)[] headers)
    {
        var query = Query(url);
        var signed = query
            .Where(one => one.Key != "X-Amz-Signature")
            .OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value!)}");
        var canonical = string.Join(
            '\n',
            method,
            url.AbsolutePath,
            string.Join('&', signed),
            string.Concat(headers.Select(header => $"{header.Name}:{header.Value}\n")),
            string.Join(';', headers.Select(header => header.Name)),
            "UNSIGNED-PAYLOAD"
        );
        var scope = query["X-Amz-Credential"].ToString().Split('/', 2)[1];
        var text = $"AWS4-HMAC-SHA256\n{query["X-Amz-Date"]}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Bytes(canonical)))}";
        var key = scope.Split('/').Aggregate(Bytes("AWS4" + S3Key), (made, part) => HMACSHA256.HashData(made, Bytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Bytes(text)));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static FilesOptions S3(string endpoint) =>
        new()
        {
            Store = "s3",
            S3 =
            {
                Endpoint = new Uri(endpoint),
                Bucket = "files",
                PathStyle = true,
                AccessKey = S3Key,
                SecretKey = S3Key,
            },
        };

    private async Task<FilesOptions> StartS3Async()
    {
        var port = await StartAsync(
            "node_modules/.bin/s3rver",
            port => ["--directory", data, "--address", "127.0.0.1", "--port", $"{port}", "--configure-bucket", "files", "--silent"]
        );
        return S3($"http://127.0.0.1:{port}");
    }

    private async Task<FilesOptions> StartAzureAsync()
    {
        var port = await StartAsync(
            "node_modules/.bin/azurite-blob",
            port =>
                [
                    "--location",
                    data,
                    "--blobHost",
                    "127.0.0.1",
                    "--blobPort",
                    $"{port}",
                    "--silent",
                    "--disableTelemetry",
                    "--skipApiVersionCheck",
                ]
        );
        var options = new FilesOptions
        {
            Store = "azure",
            Azure =
            {
                Endpoint = new Uri($"http://127.0.0.1:{port}/devstoreaccount1"),
                Account = "devstoreaccount1",
                Key = AzureKey,
                Container = "files",
            },
        };
        var container = new Azure.Storage.Blobs.BlobContainerClient(
            new Uri($"{options.Azure.Endpoint}/files"),
            new Azure.Storage.StorageSharedKeyCredential(options.Azure.Account, AzureKey)
        );
        await container.CreateIfNotExistsAsync();
        return options;
    }

    private async Task<int> StartAsync(string program, Func<int, string[]> arguments)
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        processes.Add(NodePackages.Start(Folder, "node", [program, .. arguments(port)]));
        await TestApp.EventuallyAsync(
            async () =>
            {
                try
                {
                    using var client = new TcpClient();
                    await client.ConnectAsync(IPAddress.Loopback, port);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            $"{program} listens"
        );
        return port;
    }

    /// <summary>The store as the settings choose it, without the rest of the application.</summary>
    private sealed class Store : IDisposable
    {
        private readonly ServiceProvider services;

        public Store(FilesOptions options)
        {
            services = new ServiceCollection()
                .AddSingleton(options)
                .AddSingleton(TimeProvider.System)
                .AddLogging()
                .AddKeyedSingleton<IFileProvider, S3Files>("s3")
                .AddKeyedSingleton<IFileProvider, AzureFiles>("azure")
                .AddKeyedSingleton<IFileProvider, GoogleFiles>("gcloud")
                .AddSingleton<FileStore>()
                .BuildServiceProvider();
        }

        public FileStore Files => services.GetRequiredService<FileStore>();

        public void Dispose() => services.Dispose();
    }
}
