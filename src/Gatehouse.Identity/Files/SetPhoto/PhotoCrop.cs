using System.Globalization;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using SkiaSharp;

namespace Gatehouse.Identity.Files;

/// <summary>The square of a photo that is wanted, in pixels of the upright picture.</summary>
internal sealed record PhotoCrop(int Left, int Top, int Side)
{
    public const string Field = "crop";

    /// <summary>Reads <c>left,top,side</c>; null for nothing, or with exactly one error.</summary>
    public static PhotoCrop? Parse(string? typed, ValidationErrors errors)
    {
        if (string.IsNullOrEmpty(typed))
            return null;
        var numbers = typed
            .Split(',')
            .Select(one => int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1);
        if (numbers.ToArray() is [>= 0 and var left, >= 0 and var top, > 0 and var side])
            return new PhotoCrop(left, top, side);
        errors.Add(Field, ValidationCodes.OutOfRange);
        return null;
    }

    /// <summary>The largest square in the middle.</summary>
    public static SKRectI Middle(SKSizeI picture)
    {
        var side = Math.Min(picture.Width, picture.Height);
        return SKRectI.Create((picture.Width - side) / 2, (picture.Height - side) / 2, side, side);
    }

    /// <summary>What of it lies inside the picture, as a square; null if nothing does.</summary>
    public SKRectI? In(SKSizeI picture)
    {
        var side = Math.Min(Side, Math.Min(picture.Width - Left, picture.Height - Top));
        return side > 0 ? SKRectI.Create(Left, Top, side, side) : null;
    }
}
