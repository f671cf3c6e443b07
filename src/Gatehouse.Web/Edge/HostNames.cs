using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Web;

/// <summary>What may stand in <c>Host</c>: a name or address, and perhaps a port (RFC 9110, 7.2; RFC 3986, 3.2.2).</summary>
internal static class HostNames
{
    // RFC 1035, 2.3.4: a name has 255 octets at most, a label of it 63.
    private const int MaxLength = 255;
    private const int MaxLabelLength = 63;

    private static readonly SearchValues<char> LettersOfIPv6 = SearchValues.Create("0123456789abcdefABCDEF:.");

    public static bool IsValid(string? value)
    {
        if (value is not { Length: > 0 and <= MaxLength })
            return false;
        var text = value.AsSpan();
        // The last colon after a closing bracket, or the only one, begins the port.
        var end =
            text[0] == '[' ? text.IndexOf(']') + 1
            : text.IndexOf(':') is var colon and >= 0 ? colon
            : text.Length;
        return end > 0
            && (end == text.Length || IsPort(text[end..]))
            && (text[0] == '[' ? IsIPv6(text[1..(end - 1)]) : IsName(text[..end]));
    }

    private static bool IsPort(ReadOnlySpan<char> text) =>
        text[0] == ':' && ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool IsIPv6(ReadOnlySpan<char> text) =>
        !text.ContainsAnyExcept(LettersOfIPv6)
        && IPAddress.TryParse(text, out var address)
        && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool IsName(ReadOnlySpan<char> name)
    {
        // The root may be named by a dot at the end.
        if (name[^1] == '.')
            name = name[..^1];
        foreach (var label in name.Split('.'))
        {
            if (!IsLabel(name[label]))
                return false;
        }

        return !name.Contains("xn--", StringComparison.Ordinal) || CanBeRead(name.ToString());
    }

    // The framework reads a name of another script from its ASCII form whenever the host is asked for, and fails on what is none.
    private static bool CanBeRead(string name)
    {
        try
        {
            return new IdnMapping().GetUnicode(name).Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // Underscores are no letters of host names, but of names that networks of containers give.
    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > MaxLabelLength || label[0] == '-' || label[^1] == '-')
            return false;
        foreach (var letter in label)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_'))
                return false;
        }

        return true;
    }
}
