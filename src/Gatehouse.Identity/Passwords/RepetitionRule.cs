using System.Collections.Frozen;

namespace Gatehouse.Identity.Passwords;

/// <summary>
/// Finds passwords that are long but say little. No list of common passwords reaches fifteen characters in any number,
/// so what users lengthen a password with is recognized by its shape.
/// </summary>
internal static class RepetitionRule
{
    // Below this mean length a run is chance; a password made only of longer ones never is.
    private const int MeanRun = 4;

    /// <summary>The pairs of neighbours on a keyboard: rows of QWERTY, QWERTZ and AZERTY, and the slanted columns.</summary>
    private static readonly FrozenSet<(char, char)> Neighbours = (
        (string[])
            [
                "`1234567890-=",
                "qwertyuiop[]",
                "asdfghjkl;'",
                "zxcvbnm,./",
                "qwertzuiop",
                "yxcvbnm",
                "azertyuiop",
                "qsdfghjklm",
                "wxcvbn",
                "1qaz",
                "2wsx",
                "3edc",
                "4rfv",
                "5tgb",
                "6yhn",
                "7ujm",
                "8ik,",
                "9ol.",
                "0p;/",
                "1qay",
                "6zhn",
                "!qaz",
                "@wsx",
                "#edc",
                "$rfv",
                "!@#$%^&*()_+",
            ]
    )
        .SelectMany(line => line.Zip(line.Skip(1)))
        .ToFrozenSet();

    [Flags]
    private enum Step
    {
        None = 0,
        Same = 1,
        Up = 2,
        Down = 4,
        Right = 8,
        Left = 16,
        Any = Same | Up | Down | Right | Left,
    }

    /// <summary>One block over and over, where the block alone would be shorter than <paramref name="min"/> (a last, cut repetition counts
    /// too).</summary>
    public static bool IsRepetition(string text, int min)
    {
        for (var period = 1; period < min && period <= text.Length / 2; period++)
        {
            if (text.AsSpan(period).SequenceEqual(text.AsSpan(0, text.Length - period)))
                return true;
        }

        return false;
    }

    /// <summary>Nothing but runs: of one character, up or down the alphabet or the digits, or along the keyboard.</summary>
    public static bool IsMadeOfRuns(string text)
    {
        var runs = 1;
        var open = Step.Any;
        for (var i = 1; i < text.Length; i++)
        {
            open &= Between(text[i - 1], text[i]);
            if (open != Step.None)
                continue;
            runs++;
            open = Step.Any;
        }

        return text.Length >= runs * MeanRun;
    }

    private static Step Between(char a, char b) =>
        (a == b ? Step.Same : Step.None)
        | (char.IsLetterOrDigit(a) && b == a + 1 ? Step.Up : Step.None)
        | (char.IsLetterOrDigit(a) && b == a - 1 ? Step.Down : Step.None)
        | (Neighbours.Contains((a, b)) ? Step.Right : Step.None)
        | (Neighbours.Contains((b, a)) ? Step.Left : Step.None);
}
