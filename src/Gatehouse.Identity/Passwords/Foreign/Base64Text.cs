namespace Gatehouse.Identity.Passwords.Foreign;

/// <summary>Base64 in hashes: in the one form that encoding gives, without white space.</summary>
internal static class Base64Text
{
    /// <returns>Null for what is none.</returns>
    public static byte[]? Read(string text, bool isPadded)
    {
        var padded = isPadded ? text : text.PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length / 4 * 3];
        return Convert.TryFromBase64String(padded, bytes, out var length) && Write(bytes.AsSpan(0, length), isPadded) == text
            ? bytes[..length]
            : null;
    }

    private static string Write(ReadOnlySpan<byte> bytes, bool isPadded) =>
        isPadded ? Convert.ToBase64String(bytes) : Convert.ToBase64String(bytes).TrimEnd('=');
}
