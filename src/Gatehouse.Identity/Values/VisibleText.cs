using System.Globalization;
using System.Text;

namespace Gatehouse.Identity.Values;

/// <summary>
/// One line that others see: it has a letter or digit that shows, and nothing in it is an invisible format character. Letters that show
/// nothing count neither as letters nor as errors, since old Korean and hieroglyphs are written with them.
/// </summary>
internal static class VisibleText
{
    public static bool IsFit(string text) => text.EnumerateRunes().Any(IsVisible) && !text.EnumerateRunes().Any(IsInvisible);

    // All other characters that are made to show nothing are marks, symbols, formats or spaces.
    private static bool IsVisible(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        && rune.Value
            is not (
                0x115F // HANGUL CHOSEONG FILLER
                or 0x1160 // HANGUL JUNGSEONG FILLER
                or 0x3164 // HANGUL FILLER
                or 0xFFA0 // HALFWIDTH HANGUL FILLER
                or 0x13441 // EGYPTIAN HIEROGLYPH FULL BLANK
                or 0x13442 // EGYPTIAN HIEROGLYPH HALF BLANK
            );

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format && rune.Value is not (0x200C or 0x200D);
}
