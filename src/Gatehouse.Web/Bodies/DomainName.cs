using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gatehouse.Web;

/// <summary>A domain name as mail and certificates name it: ASCII, lower case, at least two labels.</summary>
public static class DomainName
{
    private static readonly SearchValues<char> LabelText = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true, AllowUnassigned = false };

    /// <summary>The one form of all spellings of a request's host: lower case, without the dot of the root, ASCII where it stands for
    /// another script.</summary>
    public static string OfHost(string host)
    {
        var name = host.EndsWith('.') ? host[..^1] : host;
        return (Ascii.IsValid(name) ? null : Canonical(name)) ?? name.ToLowerInvariant();
    }

    /// <summary>The one form of all spellings of it; null if it is none.</summary>
    public static string? Canonical(string typed)
    {
        // The mapping silently drops invisible characters; a name that shows one text and means another is rejected instead.
        // The two joiners stay: Indic and Persian names are spelt with them.
        if (
            typed.Any(c =>
                char.IsWhiteSpace(c) || (char.GetUnicodeCategory(c) == UnicodeCategory.Format && c is not ('\u200C' or '\u200D'))
            )
        )
            return null;

        string ascii;
        try
        {
            ascii = Idn.GetAscii(typed).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }

        // Judged after the mapping, which turns full-width letters, dots and the like into what they stand for.
        var labels = ascii.Split('.');
        return labels.Length > 1 && Array.TrueForAll(labels, IsLabel) && !labels[^1].All(char.IsAsciiDigit) ? ascii : null;
    }

    // RFC 1123 §2.1: letters, digits and inner hyphens. An all-digit last label is an IP address (RFC 3696 §2).
    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && !label.AsSpan().ContainsAnyExcept(LabelText) && label[0] != '-' && label[^1] != '-';
}
