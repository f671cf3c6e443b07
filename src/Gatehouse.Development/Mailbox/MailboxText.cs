using System.Text.RegularExpressions;

namespace Gatehouse.Development.Mailbox;

/// <summary>A message's text with its links set apart, so that they can be followed.</summary>
internal static partial class MailboxText
{
    public static IEnumerable<(string Text, bool IsLink)> Parts(string text)
    {
        var end = 0;
        foreach (Match link in Link.Matches(text))
        {
            if (link.Index > end)
                yield return (text[end..link.Index], false);
            yield return (link.Value, true);
            end = link.Index + link.Length;
        }

        if (end < text.Length)
            yield return (text[end..], false);
    }

    // A full stop or bracket behind a link belongs to the sentence.
    [GeneratedRegex(@"https?://[^\s<>""]*[\w/=-]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link { get; }
}
