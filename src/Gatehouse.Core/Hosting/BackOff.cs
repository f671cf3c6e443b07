using System.Security.Cryptography;

namespace Gatehouse.Core.Hosting;

/// <summary>Waits between attempts: doubling from 1 s to 5 min, each up to a fifth shorter or longer so that failures do not return in
/// step.</summary>
public static class BackOff
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(5);

    /// <param name="attempts">Attempts made so far, from 1.</param>
    public static TimeSpan After(int attempts) => After(attempts, RandomNumberGenerator.GetInt32(-200, 201) / 1000.0);

    internal static TimeSpan After(int attempts, double jitter)
    {
        var seconds = Math.Min(Math.Pow(2, Math.Min(attempts - 1, 30)), MaxWait.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (1 + jitter));
    }
}
