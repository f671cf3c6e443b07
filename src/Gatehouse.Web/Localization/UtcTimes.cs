using System.Globalization;

namespace Gatehouse.Web;

/// <summary>Times as messages, files and pages write them out.</summary>
public static class UtcTimes
{
    /// <summary>To the minute, such as <c>2026-11-01 08:00 UTC</c>.</summary>
    public static string ToMinuteText(this DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
