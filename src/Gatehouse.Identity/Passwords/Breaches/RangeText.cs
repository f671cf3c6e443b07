using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Gatehouse.Identity.Passwords;

/// <summary>The answer of a range service: a line for each password, <c>the other 35 hex digits:how often it was seen</c>. Seen 0 times is
/// padding.</summary>
internal static class RangeText
{
    private const int RestLength = 35;
    private const int MaxLineLength = 64;

    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    /// <summary>Takes the whole lines off the front of the text.</summary>
    /// <param name="ends">Whether no more text comes, so that a line may end without a line break.</param>
    /// <returns>Whether one of them is the wanted; null when one is no such line.</returns>
    public static bool? Search(ref ReadOnlySequence<byte> text, bool ends, ReadOnlySpan<byte> wanted)
    {
        var reader = new SequenceReader<byte>(text);
        while (reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            if (Validate(line, wanted) is not false and var verdict)
                return verdict;
        }

        text = reader.UnreadSequence;
        if (ends)
            return Validate(text, wanted);
        return text.Length > MaxLineLength ? null : false;
    }

    private static bool? Validate(ReadOnlySequence<byte> sequence, ReadOnlySpan<byte> wanted)
    {
        if (sequence.Length > MaxLineLength)
            return null;
        Span<byte> buffer = stackalloc byte[MaxLineLength];
        sequence.CopyTo(buffer);
        ReadOnlySpan<byte> line = buffer[..(int)sequence.Length].TrimEnd((byte)'\r');

        if (line.IsEmpty)
            return false;
        if (line.Length <= RestLength + 1 || line[RestLength] != ':' || line[..RestLength].ContainsAnyExcept(Hex))
            return null;
        var count = line[(RestLength + 1)..];
        if (!Utf8Parser.TryParse(count, out ulong seen, out var used) || used != count.Length)
            return null;
        return seen > 0 && Ascii.EqualsIgnoreCase(line[..RestLength], wanted);
    }
}
