using Gatehouse.Core.Results;
using Gatehouse.Identity.Passwords;
using SkiaSharp;

namespace Gatehouse.Identity.Files;

/// <summary>
/// Makes of what was sent what is stored: a square JPEG of at most <see cref="Side"/> pixels, upright, without anything that the original
/// said of place, time or camera. Few at a time, because a small file can need much memory.
/// </summary>
internal sealed class PhotoStudio(TimeProvider clock) : IDisposable
{
    public const int MaxBytes = 2 * 1024 * 1024;
    public const int Side = 512;

    // 25 million pixels take 100 MB while they are decoded.
    private const int MaxPixels = 25_000_000;
    private const int MaxSide = 16_000;
    private const int AtOnce = 2;
    private const int Quality = 85;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim places = new(AtOnce);

    public async Task<Outcome<byte[]>> DevelopAsync(ReadOnlyMemory<byte> sent, PhotoCrop? crop, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(MaxWait, clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await places.WaitAsync(ends.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return PasswordsErrors.Overloaded.After(MaxWait);
        }

        try
        {
            return Develop(sent.Span, crop);
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    /// <param name="sent">A file that claims to be a picture.</param>
    /// <param name="crop">The part that is wanted; null for the largest square in the middle.</param>
    internal static Outcome<byte[]> Develop(ReadOnlySpan<byte> sent, PhotoCrop? crop)
    {
        using var data = SKData.CreateCopy(sent);
        using var source = new SKMemoryStream(data);
        using var codec = SKCodec.Create(source, out var readable);
        // Other formats that the library reads are larger targets and smaller needs.
        if (
            readable != SKCodecResult.Success
            || codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp)
        )
            return FilesErrors.PhotoUnreadable;
        var size = codec.Info.Size;
        if (size.Width > MaxSide || size.Height > MaxSide || (long)size.Width * size.Height > MaxPixels)
            return FilesErrors.PhotoDimensions;

        var upright = IsTurned(codec.EncodedOrigin) ? new SKSizeI(size.Height, size.Width) : size;
        var part = crop?.In(upright) ?? PhotoCrop.Middle(upright);
        // JPEG and WebP can be decoded smaller at once.
        var decoded = codec.GetScaledDimensions(Math.Min(1f, (float)Side / part.Width));
        using var colors = SKColorSpace.CreateSrgb();
        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(new SKImageInfo(decoded.Width, decoded.Height, SKColorType.Rgba8888, SKAlphaType.Premul, colors)))
            return FilesErrors.PhotoDimensions;
        // Half a picture is decoded without an exception, too.
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) != SKCodecResult.Success)
            return FilesErrors.PhotoUnreadable;
        return Print(bitmap, codec.EncodedOrigin, part, (float)decoded.Width / size.Width);
    }

    private static byte[] Print(SKBitmap bitmap, SKEncodedOrigin origin, SKRectI part, float scale)
    {
        var side = Math.Min(Side, part.Width);
        // Without a colour space, so that no profile is written.
        using var surface = SKSurface.Create(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var image = SKImage.FromBitmap(bitmap);
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        canvas.Scale(side / (part.Width * scale));
        canvas.Translate(-part.Left * scale, -part.Top * scale);
        canvas.Concat(Upright(origin, bitmap.Width, bitmap.Height));
        canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var print = surface.Snapshot();
        using var jpeg = print.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return jpeg.ToArray();
    }

    private static bool IsTurned(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    // From the pixels as they are stored to where they belong (Exif 2.32, orientation).
    private static SKMatrix Upright(SKEncodedOrigin origin, float width, float height) =>
        origin switch
        {
            SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
            SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
            SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
            SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightTop => new SKMatrix(0, -1, height, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, height, -1, 0, width, 0, 0, 1),
            SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, width, 0, 0, 1),
            _ => SKMatrix.Identity,
        };
}
