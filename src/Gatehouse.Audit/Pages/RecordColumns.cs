using System.Text.Json;
using Gatehouse.Audit.Data;
using Gatehouse.Web.Admin;

namespace Gatehouse.Audit;

/// <summary>The audit as a file: all that a record holds, and nobody's name.</summary>
internal static class RecordColumns
{
    public static IReadOnlyList<CsvColumn<RecordView>> All { get; } =
    [
        new("id", record => record.Id.ToString()),
        new("at", record => CsvText.Time(record.At)),
        new("action", record => record.Action),
        new("result", record => record.Result),
        new("reason", record => record.Reason),
        new("actor_kind", record => record.ActorKind),
        new("actor_id", record => record.Actor?.Id.ToString()),
        new("subject_id", record => record.Subject?.Id.ToString()),
        new("session_id", record => record.SessionId?.ToString()),
        new("network", record => record.Network),
        new("device", record => record.Device),
        new(
            "facts",
            record =>
                JsonSerializer.Serialize(
                    new Dictionary<string, string>(record.Facts, StringComparer.Ordinal),
                    AuditJson.Default.DictionaryStringString
                )
        ),
    ];
}
