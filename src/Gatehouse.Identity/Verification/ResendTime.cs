namespace Gatehouse.Identity.Verification;

/// <summary>When another code may be asked for, in Unix seconds: pages hand it on in their address, so that reloading one does not restart the wait.</summary>
internal static class ResendTime
{
    /// <summary>No further code will be sent.</summary>
    public const long Never = 0;

    public static long After(int seconds, TimeProvider clock) => seconds == 0 ? Never : clock.GetUtcNow().ToUnixTimeSeconds() + seconds;

    public static long After(TimeSpan wait, TimeProvider clock) => After((int)Math.Ceiling(wait.TotalSeconds), clock);

    /// <summary>As a form or an address has it; null when it is not known.</summary>
    public static long? Read(string? text) => long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var at) && at >= 0 ? at : null;
}
