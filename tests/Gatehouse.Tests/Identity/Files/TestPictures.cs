using System.Buffers.Binary;
using System.Text;
using SkiaSharp;

namespace Gatehouse.Tests.Identity.Files;

/// <summary>Pictures as cameras, programs and attackers make them.</summary>
internal static class TestPictures
{
    public const string Place = "52.5200N 13.4050E";

    /// <summary>Red on the left, blue on the right.</summary>
    public static byte[] RedAndBlue(int width, int height, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height));
        surface.Canvas.Clear(SKColors.Red);
        using var blue = new SKPaint { Color = SKColors.Blue };
        surface.Canvas.DrawRect(width / 2f, 0, width / 2f, height, blue);
        using var image = surface.Snapshot();
        using var data = image.Encode(format, 90);
        return data.ToArray();
    }

    /// <summary>The same with metadata of a camera: how it was held, and where.</summary>
    public static byte[] WithExif(byte[] jpeg, ushort orientation)
    {
        var place = Encoding.ASCII.GetBytes(Place);
        var tiff = new byte[38 + place.Length];
        "MM\0*"u8.CopyTo(tiff);
        BinaryPrimitives.WriteUInt32BigEndian(tiff.AsSpan(4), 8);
        BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(8), 2);
        Entry(tiff.AsSpan(10), 0x0112, 3, 1, (uint)orientation << 16);
        Entry(tiff.AsSpan(22), 0x010E, 2, (uint)place.Length, 38);
        place.CopyTo(tiff, 38);
        byte[] content = [.. "Exif\0\0"u8, .. tiff];
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(content.Length + 2));
        return [0xFF, 0xD8, 0xFF, 0xE1, .. length, .. content, .. jpeg.AsSpan(2)];
    }

    /// <summary>A JPEG that says it is this large.</summary>
    public static byte[] Claiming(byte[] jpeg, ushort width, ushort height)
    {
        var claiming = jpeg.ToArray();
        var frame = claiming.AsSpan().IndexOf<byte>([0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(claiming.AsSpan(frame + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(claiming.AsSpan(frame + 7), width);
        return claiming;
    }

    /// <summary>A WebP that shows one picture after the other.</summary>
    public static byte[] Animated(int side)
    {
        byte[] first = [.. RedAndBlue(side, side, SKEncodedImageFormat.Webp).AsSpan(12)];
        var size = Little(side - 1);
        byte[] extended = [0x02, 0, 0, 0, .. size[..3], .. size[..3]];
        byte[] frame = [0, 0, 0, 0, 0, 0, .. size[..3], .. size[..3], 100, 0, 0, 0, .. Frame(first)];
        byte[] chunks =
        [
            .. "WEBP"u8,
            .. Chunk("VP8X"u8, extended),
            .. Chunk("ANIM"u8, [0, 0, 0, 0, 0, 0]),
            .. Chunk("ANMF"u8, frame),
            .. Chunk("ANMF"u8, frame),
        ];
        return Chunk("RIFF"u8, chunks);
    }

    /// <summary>The middle of the left, right, upper and lower half.</summary>
    public static (SKColor Left, SKColor Right, SKColor Top, SKColor Bottom, int Width, int Height) Look(byte[] picture)
    {
        using var bitmap = SKBitmap.Decode(picture);
        var (width, height) = (bitmap.Width, bitmap.Height);
        return (
            bitmap.GetPixel(width / 8, height / 2),
            bitmap.GetPixel(width * 7 / 8, height / 2),
            bitmap.GetPixel(width / 2, height / 8),
            bitmap.GetPixel(width / 2, height * 7 / 8),
            width,
            height
        );
    }

    public static bool IsRed(SKColor color) => color is { Red: > 200, Blue: < 60 };

    public static bool IsBlue(SKColor color) => color is { Blue: > 200, Red: < 60 };

    // The encoder may put the picture behind a header of its own; a frame holds the picture alone.
    private static byte[] Frame(byte[] chunks)
    {
        var start = chunks.AsSpan().IndexOf("VP8 "u8);
        return [.. chunks.AsSpan(start)];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content) =>
        [.. name, .. Little(content.Length), .. content, .. new byte[content.Length % 2]];

    private static byte[] Little(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }

    private static void Entry(Span<byte> entry, ushort tag, ushort type, uint count, uint value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(entry, tag);
        BinaryPrimitives.WriteUInt16BigEndian(entry[2..], type);
        BinaryPrimitives.WriteUInt32BigEndian(entry[4..], count);
        BinaryPrimitives.WriteUInt32BigEndian(entry[8..], value);
    }
}
