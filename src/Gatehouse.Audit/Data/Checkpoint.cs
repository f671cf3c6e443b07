using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Audit.Data;

/// <summary>How far the audit was sealed at a time: a batch's number and hash, which stands for all batches before it, signed.</summary>
internal sealed record Checkpoint(long Batch, byte[] Hash, DateTimeOffset At, byte[] Signature)
{
    /// <summary>What is signed: lines of text, so that anybody can write them again.</summary>
    public byte[] Message =>
        Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"gatehouse-audit-checkpoint-1\n{Batch}\n{Convert.ToHexStringLower(Hash)}\n{Time}")
        );

    private string Time => At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    /// <summary>As a JSON object in one line.</summary>
    public string ToLine() =>
        JsonSerializer.Serialize(
            new CheckpointLine
            {
                Batch = Batch,
                Hash = Convert.ToHexStringLower(Hash),
                At = Time,
                Signature = Base64Url.EncodeToString(Signature),
            },
            CheckpointJson.Default.CheckpointLine
        );

    /// <summary>Null for a line that is no checkpoint.</summary>
    public static Checkpoint? Parse(string line)
    {
        try
        {
            return
                JsonSerializer.Deserialize(line, CheckpointJson.Default.CheckpointLine) is { Hash: not null, Signature: not null } read
                && DateTimeOffset.TryParse(read.At, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                ? new Checkpoint(read.Batch, Convert.FromHexString(read.Hash), at, Base64Url.DecodeFromChars(read.Signature))
                : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>What is signed when retention drops the records of a batch and of all before it.</summary>
    public static byte[] TrimMessage(Batch batch, DateTimeOffset at) =>
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"gatehouse-audit-trim-1\n{batch.Number}\n{Convert.ToHexStringLower(batch.Hash)}\n{at.ToMicroseconds()}"
            )
        );
}

internal sealed record CheckpointLine
{
    public long Batch { get; init; }

    public string? Hash { get; init; }

    public string? At { get; init; }

    public string? Signature { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CheckpointLine))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
