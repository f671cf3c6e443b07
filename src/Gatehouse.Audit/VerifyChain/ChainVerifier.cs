using System.Globalization;
using System.Security.Cryptography;
using Gatehouse.Audit.Data;

namespace Gatehouse.Audit;

/// <summary>
/// Compares records with the batches they were sealed in. Pure: two streams in, a report out; it holds one batch at a time, whatever the
/// length of the chain.
/// </summary>
internal sealed class ChainVerifier(CheckpointKey key, AuditReport report)
{
    /// <summary>Sealing runs every minute; records that wait longer than this are a error of their own.</summary>
    internal static readonly TimeSpan SealedWithin = TimeSpan.FromMinutes(15);

    /// <param name="batches">In the order of their numbers.</param>
    /// <param name="records">In the order of the chain.</param>
    public async Task RunAsync(IAsyncEnumerable<Batch> batches, IAsyncEnumerable<StoredRecord> records, DateTimeOffset now)
    {
        await using var rows = records.GetAsyncEnumerator();
        var more = await rows.MoveNextAsync();
        Batch? before = null;
        await foreach (var batch in batches)
        {
            VerifySeal(batch);
            if (before is null && batch.TrimmedAt is { } trimmedAt)
            {
                VerifyTrim(batch, trimmedAt);
                await SkipAsync(batch.Last, inclusive: true, notAfter: batch.NewestAt);
            }
            else
            {
                // Records of a missing batch are not this one's.
                if (!EvaluateLink(before, batch))
                    await SkipAsync(batch.First, inclusive: false);
                var found = new List<Found>(batch.Records);
                for (; more && rows.Current.Position <= batch.Last; more = await rows.MoveNextAsync())
                    found.Add(Found.Of(rows.Current));
                Compare(batch, found);
                report.Batches++;
                report.Records += found.Count;
            }

            before = batch;
            (report.LastBatch, report.LastSealedAt) = (batch.Number, batch.SealedAt);
        }

        DateTimeOffset? oldest = null;
        for (; more; more = await rows.MoveNextAsync())
        {
            report.Unsealed++;
            oldest = oldest is { } o && o < rows.Current.RecordedAt ? o : rows.Current.RecordedAt;
        }

        if (oldest is { } since && now - since > SealedWithin)
            report.Error(
                $"{report.Unsealed} records, the oldest of {Text(since)}, are not in any batch: "
                    + "either sealing does not run, or batches were removed."
            );

        // What retention has not dropped yet is older than what it has signed off; anything younger was put there.
        async Task SkipAsync(AuditPosition until, bool inclusive, DateTimeOffset? notAfter = null)
        {
            for (
                ;
                more && (rows.Current.Position < until || (inclusive && rows.Current.Position == until));
                more = await rows.MoveNextAsync()
            )
            {
                if (rows.Current.RecordedAt > notAfter)
                    report.Error(
                        $"The record {rows.Current.Id} of {Text(rows.Current.RecordedAt)} was inserted among records "
                            + "that retention has deleted."
                    );
            }
        }
    }

    private void VerifySeal(Batch batch)
    {
        if (!CryptographicOperations.FixedTimeEquals(batch.ComputeHash(), batch.Hash))
            report.Error($"Batch {batch.Number} was changed: its contents do not match its hash.", batch.Number);
        if (!key.Verifies(batch.Checkpoint.Message, batch.Signature))
            report.Error(
                $"Batch {batch.Number} has an invalid signature: its number, hash or time was not signed with the key of "
                    + "this installation.",
                batch.Number
            );
    }

    private void VerifyTrim(Batch batch, DateTimeOffset at)
    {
        if (key.Verifies(Checkpoint.TrimMessage(batch, at), batch.TrimSignature ?? []))
            report.Note(
                $"The records of the batches up to {batch.Number} were deleted after their retention; "
                    + $"verification starts at batch {batch.Number + 1}."
            );
        else
            report.Error(
                $"Batch {batch.Number} is marked as deleted after its retention, but this is not signed with the key of this installation.",
                batch.Number
            );
    }

    /// <returns>Whether no batch is missing in between.</returns>
    private bool EvaluateLink(Batch? before, Batch batch)
    {
        var expected = (before?.Number ?? 0) + 1;
        if (batch.Number != expected)
        {
            report.Error(
                batch.Number - 1 == expected
                    ? $"Batch {expected} is missing, and was not deleted by retention."
                    : $"The batches {expected} to {batch.Number - 1} are missing, and were not deleted by retention.",
                expected
            );
            return false;
        }

        if (!batch.Previous.AsSpan().SequenceEqual(before?.Hash ?? Batch.Beginning))
            report.Error($"Batch {batch.Number} does not follow batch {batch.Number - 1}: one of the two was replaced.", batch.Number);
        return true;
    }

    /// <summary>Tells changed, removed and inserted records apart by walking both lists: a digest found further on tells what is missing or
    /// new before it.</summary>
    private void Compare(Batch batch, List<Found> found)
    {
        var expected = batch.Digests.Chunk(SHA256.HashSizeInBytes).Select(Convert.ToHexString).ToList();
        if (expected.SequenceEqual(found.Select(f => f.Digest), StringComparer.Ordinal))
            return;

        var expectedAt = Positions(expected);
        var foundAt = Positions([.. found.Select(f => f.Digest)]);
        var (e, f) = (0, 0);
        while (e < expected.Count || f < found.Count)
        {
            if (e < expected.Count && f < found.Count && expected[e] == found[f].Digest)
            {
                (e, f) = (e + 1, f + 1);
            }
            else if (e < expected.Count && (f == found.Count || expectedAt.GetValueOrDefault(found[f].Digest, -1) > e))
            {
                var behind = f == 0 ? "at the beginning of the batch" : $"after the record {found[f - 1].Id} of {Text(found[f - 1].At)}";
                report.Error($"Batch {batch.Number}: record {e + 1} of {batch.Records} was removed; it was {behind}.", batch.Number);
                e++;
            }
            else if (e == expected.Count || foundAt.GetValueOrDefault(expected[e], -1) > f)
            {
                report.Error(
                    $"Batch {batch.Number}: the record {found[f].Id} of {Text(found[f].At)} was inserted after the batch was sealed.",
                    batch.Number
                );
                f++;
            }
            else
            {
                report.Error(
                    $"Batch {batch.Number}: record {e + 1} of {batch.Records}, {found[f].Id} of {Text(found[f].At)}, was changed.",
                    batch.Number
                );
                (e, f) = (e + 1, f + 1);
            }
        }
    }

    private static Dictionary<string, int> Positions(List<string> digests)
    {
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < digests.Count; i++)
            positions[digests[i]] = i;
        return positions;
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private sealed record Found(Guid Id, DateTimeOffset At, string Digest)
    {
        public static Found Of(StoredRecord record) => new(record.Id, record.RecordedAt, Convert.ToHexString(record.Digest()));
    }
}
