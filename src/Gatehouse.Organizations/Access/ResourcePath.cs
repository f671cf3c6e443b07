using System.Buffers;
using System.Text;

namespace Gatehouse.Organizations.Access;

/// <summary>
/// The path of a request to another service, in the one form in which it is compared. A path that servers read in more than one way
/// (<c>//</c>, <c>/../</c>, an encoded slash, something encoded twice, a parameter behind a semicolon) has none, so nothing allows it.
/// Pure.
/// </summary>
internal static class ResourcePath
{
    public const int MaxLength = 2048;

    private static readonly SearchValues<char> Ambiguous = SearchValues.Create("\\?#;%/");

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Its segments, decoded; null if it has no single meaning. One slash at the end is left out.</summary>
    public static IReadOnlyList<string>? Parse(string path)
    {
        if (path.Length > MaxLength || !path.StartsWith('/'))
            return null;
        if (path == "/")
            return [];
        var parts = (path.EndsWith('/') ? path[1..^1] : path[1..]).Split('/');
        var segments = parts.Select(Decode).OfType<string>().ToList();
        return segments.Count == parts.Length ? segments : null;
    }

    private static string? Decode(string segment)
    {
        if (Unescape(segment) is not { Length: > 0 } text || text is "." or "..")
            return null;
        return text.AsSpan().ContainsAny(Ambiguous) || text.Any(char.IsControl) ? null : text;
    }

    private static string? Unescape(string segment)
    {
        try
        {
            var bytes = new List<byte>(segment.Length);
            for (var i = 0; i < segment.Length; i++)
            {
                if (segment[i] != '%')
                {
                    var length = char.IsHighSurrogate(segment[i]) && i + 1 < segment.Length ? 2 : 1;
                    bytes.AddRange(Strict.GetBytes(segment, i, length));
                    i += length - 1;
                    continue;
                }

                if (i + 2 >= segment.Length || !char.IsAsciiHexDigit(segment[i + 1]) || !char.IsAsciiHexDigit(segment[i + 2]))
                    return null;
                bytes.Add(Convert.FromHexString(segment.AsSpan(i + 1, 2))[0]);
                i += 2;
            }

            return Strict.GetString([.. bytes]);
        }
        catch (ArgumentException)
        {
            // No UTF-8, or half a surrogate pair.
            return null;
        }
    }
}

/// <summary>
/// Paths of a service that need one permission: <c>*</c> stands for one segment, <c>**</c> at the end for all that follow, also none.
/// Letters count in their case. Pure.
/// </summary>
internal sealed class PathPattern
{
    public const int MaxLength = 200;

    private static readonly SearchValues<char> SegmentText = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()+,=:@"
    );

    private readonly string[] segments;

    private PathPattern(string[] segments) => this.segments = segments;

    /// <summary>Of patterns that match the same path, the most specific comes first: a name before <c>*</c> before <c>**</c>, from the
    /// left.</summary>
    public static IComparer<PathPattern?> BySpecificity { get; } = Comparer<PathPattern?>.Create(Compare);

    private bool TakesTheRest => segments is [.., "**"];

    /// <summary>Null if it is no pattern. A slash at the end says nothing.</summary>
    public static PathPattern? Parse(string text)
    {
        if (text.Length > MaxLength || !text.StartsWith('/'))
            return null;
        if (text == "/")
            return new PathPattern([]);
        var parts = (text.EndsWith('/') ? text[1..^1] : text[1..]).Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            var isWild = parts[i] == "*" || (parts[i] == "**" && i == parts.Length - 1);
            if (!isWild && (parts[i] is "" or "." or ".." || parts[i].AsSpan().ContainsAnyExcept(SegmentText)))
                return null;
        }

        return new PathPattern(parts);
    }

    public bool Matches(IReadOnlyList<string> path)
    {
        var heads = TakesTheRest ? segments.Length - 1 : segments.Length;
        if (TakesTheRest ? path.Count < heads : path.Count != heads)
            return false;
        for (var i = 0; i < heads; i++)
        {
            if (segments[i] != "*" && !string.Equals(segments[i], path[i], StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    private static int Compare(PathPattern? one, PathPattern? other)
    {
        if (one is null || other is null)
            return (one is null).CompareTo(other is null);
        for (var i = 0; i < Math.Min(one.segments.Length, other.segments.Length); i++)
        {
            if (Width(one.segments[i]) - Width(other.segments[i]) is not 0 and var difference)
                return difference;
        }

        // Only ** goes on where the other ends.
        return one.segments.Length.CompareTo(other.segments.Length);
    }

    public override string ToString() => "/" + string.Join('/', segments);

    private static int Width(string segment) => segment is "*" or "**" ? segment.Length : 0;
}
