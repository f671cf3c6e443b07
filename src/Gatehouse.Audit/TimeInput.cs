using System.Globalization;
using Gatehouse.Core.Results;

namespace Gatehouse.Audit;

/// <summary>Reads a time of a query: RFC 3339 with its offset, years 1970 to 9998.</summary>
internal static class TimeInput
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
    private static readonly DateTimeOffset Last = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The time in UTC; null when there is none, or an error was added.</summary>
    public static DateTimeOffset? Read(string? input, string field, ValidationErrors errors)
    {
        if (input is null)
            return null;
        // Without an offset it would be read as a time of this machine.
        if (
            (input.EndsWith('Z') || (input.Length > 6 && input[^6] is '+' or '-' && input[^3] == ':'))
            && DateTimeOffset.TryParseExact(input, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
            && time >= DateTimeOffset.UnixEpoch
            && time < Last
        )
            return time;
        errors.Add(field, AuditErrors.TimeInvalid);
        return null;
    }
}
