namespace Gatehouse.Identity.SignInCodes;

/// <summary>
/// How many digits a sign-in code must have, by the wrong codes of the tenant's last hour. Guesses are made one by one at many accounts, so
/// no limit of an account sees them; with two digits more each of them is worth a hundredth. Pure.
/// </summary>
internal static class CodeLengthRules
{
    /// <summary>For how long a wrong code counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>What wrong codes are counted in, so that they need not be kept one by one.</summary>
    public static readonly TimeSpan Part = TimeSpan.FromMinutes(5);

    private const int Long = 8;
    private const int VeryLong = 10;

    // So many times the limit make the second step.
    private const int SecondStep = 10;

    /// <summary>Those that codes can have, from the usual one on.</summary>
    public static IReadOnlyList<int> Lengths(int usual) => [usual, .. new[] { Long, VeryLong }.Where(length => length > usual)];

    /// <param name="wrong">Wrong codes in the tenant's last hour.</param>
    /// <param name="limit">Those that change nothing.</param>
    public static int Digits(int wrong, int usual, int limit) =>
        wrong <= limit ? usual
        : wrong <= limit * SecondStep ? Math.Max(usual, Long)
        : VeryLong;

    /// <summary>The beginning of the part of the hour.</summary>
    public static DateTimeOffset PartOf(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % Part.Ticks), TimeSpan.Zero);
}
