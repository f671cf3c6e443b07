using System.Text;
using Gatehouse.Identity.Files;
using SkiaSharp;

namespace Gatehouse.Tests.Identity.Files;

public class PhotoStudioTests
{
    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_large_picture_becomes_a_small_square_jpeg_of_its_middle(SKEncodedImageFormat format)
    {
        var photo = Develop(TestPictures.RedAndBlue(1600, 900, format));

        var look = TestPictures.Look(photo);
        Assert.Equal((PhotoStudio.Side, PhotoStudio.Side), (look.Width, look.Height));
        Assert.True(TestPictures.IsRed(look.Left) && TestPictures.IsBlue(look.Right), look.ToString());
        Assert.True(photo.AsSpan().StartsWith<byte>([0xFF, 0xD8, 0xFF]));
    }

    [Fact]
    public void A_small_picture_is_not_enlarged()
    {
        var look = TestPictures.Look(Develop(TestPictures.RedAndBlue(40, 20)));
        Assert.Equal((20, 20), (look.Width, look.Height));
    }

    [Theory]
    [InlineData(1, "left")]
    [InlineData(2, "right")]
    [InlineData(3, "right")]
    [InlineData(4, "left")]
    [InlineData(5, "top")]
    [InlineData(6, "top")]
    [InlineData(7, "bottom")]
    [InlineData(8, "bottom")]
    public void It_stands_upright_and_says_nothing_of_place_or_camera(ushort orientation, string red)
    {
        var sent = TestPictures.WithExif(TestPictures.RedAndBlue(300, 200), orientation);
        Assert.True(sent.AsSpan().IndexOf(Encoding.ASCII.GetBytes(TestPictures.Place)) > 0);

        var photo = Develop(sent);

        var look = TestPictures.Look(photo);
        var sides = new Dictionary<string, SKColor>(StringComparer.Ordinal)
        {
            ["left"] = look.Left,
            ["right"] = look.Right,
            ["top"] = look.Top,
            ["bottom"] = look.Bottom,
        };
        Assert.Equal([red], sides.Where(side => TestPictures.IsRed(side.Value) && Opposite(side.Key)).Select(side => side.Key));
        Assert.True(photo.AsSpan().IndexOf(Encoding.ASCII.GetBytes(TestPictures.Place)) < 0);
        Assert.True(photo.AsSpan().IndexOf("Exif"u8) < 0 && photo.AsSpan().IndexOf("ICC_PROFILE"u8) < 0);

        // The one in the middle of an edge between both colours counts for neither.
        bool Opposite(string side) =>
            TestPictures.IsBlue(
                sides[
                    side switch
                    {
                        "left" => "right",
                        "right" => "left",
                        "top" => "bottom",
                        _ => "top",
                    }
                ]
            );
    }

    [Fact]
    public void The_wanted_part_is_taken_as_far_as_it_lies_in_the_picture()
    {
        var picture = TestPictures.RedAndBlue(800, 400);

        var right = TestPictures.Look(Develop(picture, new PhotoCrop(450, 0, 300)));
        Assert.True(TestPictures.IsBlue(right.Left) && TestPictures.IsBlue(right.Right), right.ToString());
        Assert.Equal(300, right.Width);
        Assert.Equal(100, TestPictures.Look(Develop(picture, new PhotoCrop(0, 300, 300))).Width);
        Assert.Equal(400, TestPictures.Look(Develop(picture, new PhotoCrop(900, 900, 10))).Width);
    }

    [Fact]
    public void Of_an_animation_the_first_picture_is_taken() =>
        Assert.True(TestPictures.IsRed(TestPictures.Look(Develop(TestPictures.Animated(64))).Left));

    [Fact]
    public void What_is_transparent_becomes_white()
    {
        using var surface = SKSurface.Create(new SKImageInfo(20, 20));
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);

        Assert.True(TestPictures.Look(Develop(png.ToArray())).Left is { Red: > 250, Green: > 250, Blue: > 250 });
    }

    [Theory]
    [InlineData("")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><script>alert(1)</script></svg>")]
    [InlineData("<!doctype html><script>alert(1)</script>")]
    [InlineData("GIF89a\u0001\0\u0001\0\0\0\0;")]
    [InlineData("not a picture")]
    public void What_is_no_picture_is_rejected(string sent) =>
        Assert.Equal(FilesErrors.PhotoUnreadable, PhotoStudio.Develop(Encoding.Latin1.GetBytes(sent), crop: null).Error);

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Half_a_picture_is_rejected(SKEncodedImageFormat format)
    {
        var whole = TestPictures.RedAndBlue(900, 900, format);
        foreach (var part in new[] { 10, whole.Length / 4, whole.Length / 2, whole.Length * 9 / 10 })
            Assert.Equal(FilesErrors.PhotoUnreadable, PhotoStudio.Develop(whole.AsSpan(0, part), crop: null).Error);
    }

    [Theory]
    [InlineData(60_000, 60_000)]
    [InlineData(17_000, 1)]
    [InlineData(5_001, 5_000)]
    public void A_small_file_with_many_pixels_is_rejected_before_it_is_decoded(ushort width, ushort height) =>
        Assert.Equal(
            FilesErrors.PhotoDimensions,
            PhotoStudio.Develop(TestPictures.Claiming(TestPictures.RedAndBlue(10, 10), width, height), crop: null).Error
        );

    private static byte[] Develop(byte[] sent, PhotoCrop? crop = null)
    {
        var outcome = PhotoStudio.Develop(sent, crop);
        Assert.True(outcome.Succeeded, outcome.Error?.Code);
        return outcome.Value;
    }
}
