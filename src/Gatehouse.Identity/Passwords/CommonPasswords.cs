using System.Text;

namespace Gatehouse.Identity.Passwords;

/// <summary>
/// The most common passwords of at least eight code points (docs/passwords.md names source and licence), kept as the bytes of the sorted
/// file: 168 KB, where a set of strings would take 1.5 MB.
/// </summary>
internal static class CommonPasswords
{
    private static readonly Lazy<byte[]> Lines = new(Load);

    /// <summary>Whether the list holds the text, which must be NFC and lower case.</summary>
    public static bool Contains(ReadOnlySpan<char> text)
    {
        Span<byte> wanted = stackalloc byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        wanted = wanted[..Encoding.UTF8.GetBytes(text, wanted)];

        // Binary search by offset: each step widens to the line around it.
        ReadOnlySpan<byte> lines = Lines.Value;
        while (!lines.IsEmpty)
        {
            var middle = lines.Length / 2;
            var start = lines[..middle].LastIndexOf((byte)'\n') + 1;
            var end = middle + lines[middle..].IndexOf((byte)'\n');
            var order = wanted.SequenceCompareTo(lines[start..end]);
            if (order == 0)
                return true;
            lines = order < 0 ? lines[..start] : lines[(end + 1)..];
        }

        return false;
    }

    private static byte[] Load()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("Passwords/common-passwords.txt")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
