using System.Globalization;

namespace Gatehouse.Development.Postgres;

/// <summary>Who holds a data folder: what the file <c>holder</c> beside the lock says, one fact per line.</summary>
internal sealed record Holder(int ProcessId, DateTimeOffset Since, string Address)
{
    public string Format() => string.Create(CultureInfo.InvariantCulture, $"{ProcessId}\n{Since:O}\n{Address}\n");

    /// <summary>Null when the text is not whole: its writer may be a moment behind its lock, or the disk was full.</summary>
    public static Holder? Parse(string text) =>
        text.Split('\n') is [var id, var since, var address, ""]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
        && DateTimeOffset.TryParseExact(since, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? new Holder(processId, at, address)
            : null;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"process {ProcessId}, running on {Address} since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"
        );
}
