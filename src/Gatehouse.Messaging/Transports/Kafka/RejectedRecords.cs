using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging.Transports.Kafka;

/// <summary>What lay on our topics and is no event of ours, for a person to look at.</summary>
internal static class RejectedRecords
{
    private const int MaxKept = 64 * 1024;

    /// <summary>Once each, however often they are read.</summary>
    public static Task<int> KeepAsync(Transaction tx, string module, IReadOnlyList<RejectedRecord> records) =>
        tx.ExecuteAsync(
            """
            insert into runtime.rejected_records
                   (module, topic, partition, "offset", rejected_at, reason, key, headers, value, value_length)
            select @module, r.topic, r.partition, r.at, @now, r.reason, r.key, r.headers, r.value, r.length
              from unnest(@topics, @partitions, @offsets, @reasons, @keys, @headers, @values, @lengths)
                   as r (topic, partition, at, reason, key, headers, value, length)
            on conflict do nothing
            """,
            new
            {
                module,
                now = tx.Now,
                topics = records.Select(r => r.Record.Topic).ToArray(),
                partitions = records.Select(r => r.Record.Partition.Value).ToArray(),
                offsets = records.Select(r => r.Record.Offset.Value).ToArray(),
                reasons = records.Select(r => r.Reason).ToArray(),
                keys = records.Select(r => Begin(r.Record.Message.Key)).ToArray(),
                headers = records.Select(r => Text(r.Record.Message.Headers)).ToArray(),
                values = records.Select(r => Begin(r.Record.Message.Value)).ToArray(),
                lengths = records.Select(r => r.Record.Message.Value?.Length ?? 0).ToArray(),
            }
        );

    public static Task<int> ForgetAsync(DbSession db, DateTimeOffset before) =>
        db.ExecuteAsync("delete from runtime.rejected_records where rejected_at < @before", new { before });

    private static byte[] Begin(byte[]? bytes) => bytes is null ? [] : bytes[..Math.Min(bytes.Length, MaxKept)];

    // Names and values are anybody's bytes; PostgreSQL's text holds no U+0000.
    private static string Text(Headers? headers)
    {
        var text = JsonSerializer.Serialize(
            (headers ?? []).Take(50).Select(h => $"{h.Key}: {Encoding.UTF8.GetString(Begin(h.GetValueBytes()))}").ToArray(),
            RecordJson.Default.StringArray
        );
        return text.Length <= MaxKept ? text : text[..MaxKept];
    }
}

internal sealed record RejectedRecord(ConsumeResult<byte[], byte[]> Record, string Reason);

[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class RecordJson : System.Text.Json.Serialization.JsonSerializerContext;
