using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Files;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Identity.Files;

/// <summary>A stand-in of Google Cloud Storage: the JSON interface, and signed addresses of the fourth version, evaluated as documented
/// (https://cloud.google.com/storage/docs/authentication/signatures).</summary>
internal sealed class GoogleServer : IAsyncDisposable
{
    private const string Bucket = "files";

    private readonly WebApplication app;
    private readonly RSA key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Type, byte[] Content)> files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Name, string Type)> uploads = new(StringComparer.Ordinal);

    private GoogleServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // Its client compresses what it says about a file.
        builder.Services.AddRequestDecompression();
        app = builder.Build();
        app.UseRequestDecompression();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(HandleAsync);
    }

    public FilesOptions Options { get; private set; } = null!;

    private string Address => app.Urls.First();

    public static async Task<GoogleServer> StartAsync(string folder)
    {
        var server = new GoogleServer();
        await server.app.StartAsync();
        var account = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = "service_account",
            ["project_id"] = "example",
            ["private_key_id"] = "1",
            ["private_key"] = server.key.ExportPkcs8PrivateKeyPem(),
            ["client_email"] = "files@example.com",
            ["client_id"] = "1",
            ["token_uri"] = server.Address + "/token",
        };
        var file = Path.Combine(folder, "account.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(account));
        server.Options = new FilesOptions
        {
            Store = "gcloud",
            Google =
            {
                Bucket = Bucket,
                KeyFile = file,
                Endpoint = new Uri(server.Address),
            },
        };
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
        key.Dispose();
    }

    private Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var isTold = http.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.Ordinal);
        return path switch
        {
            "/token" => http.Response.WriteAsJsonAsync(
                new
                {
                    access_token = "told",
                    token_type = "Bearer",
                    expires_in = 3600,
                }
            ),
            _ when path.StartsWith($"/{Bucket}/", StringComparison.Ordinal) => SignedAsync(http, path[(Bucket.Length + 2)..]),
            _ when path.StartsWith("/upload/", StringComparison.Ordinal) && (isTold || HttpMethods.IsPut(http.Request.Method)) =>
                UploadAsync(http),
            _ when isTold => ObjectAsync(http, path),
            _ => Status(http, 401),
        };
    }

    private async Task UploadAsync(HttpContext http)
    {
        if (HttpMethods.IsPost(http.Request.Method))
        {
            var about = (await JsonDocument.ParseAsync(http.Request.Body)).RootElement;
            var id = string.Create(CultureInfo.InvariantCulture, $"{uploads.Count}");
            uploads[id] = (about.GetProperty("name").GetString()!, about.GetProperty("contentType").GetString()!);
            http.Response.Headers.Location = $"{Address}/upload/continue?id={id}";
            return;
        }

        var (name, type) = uploads[http.Request.Query["id"].ToString()];
        files[name] = (type, await BodyAsync(http));
        await http.Response.WriteAsJsonAsync(About(name));
    }

    private async Task ObjectAsync(HttpContext http, string path)
    {
        var list = $"/storage/v1/b/{Bucket}/o";
        if (path == list)
        {
            var prefix = http.Request.Query["prefix"].ToString();
            await http.Response.WriteAsJsonAsync(
                new { items = files.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(About) }
            );
            return;
        }

        var start = path.IndexOf(list + "/", StringComparison.Ordinal);
        var name = start < 0 ? "" : Uri.UnescapeDataString(path[(start + list.Length + 1)..]);
        if (!files.TryGetValue(name, out var file))
            await Status(http, 404);
        else if (HttpMethods.IsDelete(http.Request.Method))
            await Status(http, files.TryRemove(name, out _) ? 204 : 404);
        else if (http.Request.Query["alt"] == "media")
            await http.Response.Body.WriteAsync(file.Content);
        else
            await http.Response.WriteAsJsonAsync(About(name));
    }

    private async Task SignedAsync(HttpContext http, string name)
    {
        if (!IsSigned(http))
        {
            await Status(http, 403);
            return;
        }

        if (HttpMethods.IsPut(http.Request.Method))
        {
            var body = await BodyAsync(http);
            var range = http.Request.Headers["x-goog-content-length-range"].ToString();
            var fits = range == string.Create(CultureInfo.InvariantCulture, $"{body.Length},{body.Length}");
            if (fits)
                files[name] = (http.Request.ContentType!, body);
            await Status(http, fits ? 200 : 400);
        }
        else if (files.TryGetValue(name, out var file))
        {
            http.Response.ContentType = file.Type;
            await http.Response.Body.WriteAsync(file.Content);
        }
        else
        {
            await Status(http, 404);
        }
    }

    private bool IsSigned(HttpContext http)
    {
        var query = http.Request.Query;
        if (query["X-Goog-Signature"].ToString() is not { Length: > 0 } signature || query["X-Goog-Algorithm"] != "GOOG4-RSA-SHA256")
            return false;
        var signed = query["X-Goog-SignedHeaders"].ToString().Split(';');
        var names = query.Keys.Where(name => name != "X-Goog-Signature").Order(StringComparer.Ordinal);
        var canonical = string.Join(
            '\n',
            http.Request.Method,
            http.Request.Path.ToUriComponent(),
            string.Join('&', names.Select(name => $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(query[name].ToString())}")),
            string.Concat(signed.Select(name => $"{name}:{http.Request.Headers[name]}\n")),
            string.Join(';', signed),
            "UNSIGNED-PAYLOAD"
        );
        var date = query["X-Goog-Date"].ToString();
        var scope = query["X-Goog-Credential"].ToString().Split('/', 2)[1];
        var text = $"GOOG4-RSA-SHA256\n{date}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        return signed.Contains("host", StringComparer.Ordinal)
            && key.VerifyData(
                Encoding.UTF8.GetBytes(text),
                Convert.FromHexString(signature),
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            );
    }

    private object About(string name) =>
        new
        {
            bucket = Bucket,
            name,
            contentType = files[name].Type,
            size = files[name].Content.Length.ToString(CultureInfo.InvariantCulture),
        };

    private static async Task<byte[]> BodyAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
