using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Npgsql;
using SkiaSharp;

namespace Gatehouse.Benchmarks;

/// <summary>Photos that users set, each of them again and again, beside decoding and drawing alone.</summary>
internal sealed class PhotoMeasures(
    Func<IReadOnlyDictionary<string, string>, Task<ServerProcess>> start,
    NpgsqlDataSource database,
    Figures figures,
    bool quick
)
{
    private const int Workers = 16;
    private const int Width = 1024;
    private const int Height = 768;
    private const int Side = 512;

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "false",
    };

    public async Task MeasureAsync()
    {
        var picture = Draw();
        var drawn = await DrawnAsync(picture, TimeSpan.FromSeconds(quick ? 2 : 5));
        await using var server = await start(Settings);
        await using var people = new TestUsers(server.Address, database);
        using var http = new HttpClient { BaseAddress = server.Address };
        var users = new ConcurrentQueue<string>();
        for (var user = 0; user < Workers; user++)
        {
            var begun = await people.StartAsync(http, people.NewEmail()) ?? throw new InvalidOperationException("busy");
            users.Enqueue((await TestUsers.VerifyAsync(http, begun)).Access);
        }

        await RateAsync(http, users, picture, TimeSpan.FromSeconds(quick ? 2 : 5));
        var rate = await RateAsync(http, users, picture, TimeSpan.FromSeconds(quick ? 5 : 20));
        figures.AddShare(
            $"Photos set ({Width} × {Height}, {picture.Length / 1024} KB, in a folder)",
            rate,
            "decoding and drawing alone",
            drawn,
            "≥ 50/s",
            "decoding, two at a time, which shares the cores with PostgreSQL and the load"
        );
        var (resident, _) = await server.MemoryAsync();
        figures.Add("Memory after the photos", Figures.Megabytes(resident), "–", "–", "–", "pictures being decoded");
    }

    private static async Task<double> RateAsync(HttpClient http, ConcurrentQueue<string> users, byte[] picture, TimeSpan duration)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => SetUntilEndAsync()));
        return done.Sum() / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;

        async Task<int> SetUntilEndAsync()
        {
            for (var count = 0; ; count++)
            {
                if (TimeProvider.System.GetElapsedTime(begun) > duration)
                    return count;
                if (!users.TryDequeue(out var token))
                    throw new InvalidOperationException("Each worker has a user.");
                await SetAsync(http, token, picture);
                users.Enqueue(token);
            }
        }
    }

    private static async Task SetAsync(HttpClient http, string token, byte[] picture)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/me/photo") { Content = new ByteArrayContent(picture) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"photo: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Photos decoded and drawn a second, on all cores.</summary>
    private static async Task<double> DrawnAsync(byte[] picture, TimeSpan duration)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(DrawUntilEnd)));
        return done.Sum() / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;

        int DrawUntilEnd()
        {
            for (var count = 0; ; count++)
            {
                if (TimeProvider.System.GetElapsedTime(begun) > duration)
                    return count;
                using var bitmap = SKBitmap.Decode(picture);
                using var small = bitmap.Resize(new SKSizeI(Side, Side), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
                using var jpeg = small.Encode(SKEncodedImageFormat.Jpeg, 85);
            }
        }
    }

    // Noise over a gradient, which weighs what a photo of that size does.
    private static byte[] Draw()
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width, Height));
        using var gradient = SKShader.CreateLinearGradient(
            SKPoint.Empty,
            new SKPoint(Width, Height),
            [SKColors.Teal, SKColors.Orange],
            SKShaderTileMode.Clamp
        );
        using var noise = SKShader.CreatePerlinNoiseTurbulence(0.02f, 0.02f, 4, 1);
        using var both = SKShader.CreateBlend(SKBlendMode.SoftLight, gradient, noise);
        using var paint = new SKPaint { Shader = both };
        surface.Canvas.DrawPaint(paint);
        using var image = surface.Snapshot();
        using var jpeg = image.Encode(SKEncodedImageFormat.Jpeg, 90);
        return jpeg.ToArray();
    }
}
