using System.Security.Cryptography;

namespace Gatehouse.Client;

/// <summary>How long to wait before the next attempt: twice as long each time, and never all at the same moment.</summary>
internal static class BackOff
{
    public static TimeSpan After(int attempt, TimeSpan first, TimeSpan most)
    {
        var full = Math.Min(most.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 30) - 1));
        return TimeSpan.FromMilliseconds(full * RandomNumberGenerator.GetInt32(500, 1001) / 1000);
    }
}
