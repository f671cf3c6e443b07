using System.Runtime.CompilerServices;
using Gatehouse.Audit.Data;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Audit;

/// <summary>Verifies the whole audit: every record against its batch, every batch against the one before and the key, all of it against the
/// checkpoints kept outside.</summary>
public sealed class VerifyChain
{
    private const int RecordsAtOnce = 1000;
    private const int BatchesAtOnce = 20;
    private const int CheckpointsAtOnce = 500;

    private readonly Database database;
    private readonly CheckpointKey key;
    private readonly AuditOptions options;
    private readonly TimeProvider clock;

    public VerifyChain(Database database, CheckpointKey key, AuditOptions options, TimeProvider clock) =>
        (this.database, this.key, this.options, this.clock) = (database, key, options, clock);

    /// <param name="checkpointFiles">Files of checkpoints to compare with; none: the one that <c>Audit:CheckpointFile</c> names.</param>
    public async Task<AuditReport> RunAsync(IReadOnlyList<string> checkpointFiles, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Writing and sealing go on meanwhile. Only batches that are there before the last record is looked up have all of theirs among
            // those read; and whoever writes faster than this reads must not keep it from ending.
            var (now, bounds) = (clock.GetUtcNow(), await BoundsAsync(cancellationToken));
            var until = await database.QueryAsync(StoredRecord.LastPositionAsync, cancellationToken);
            var report = new AuditReport();
            await new ChainVerifier(key, report).RunAsync(
                BatchesAsync(bounds.Last, cancellationToken),
                RecordsAsync(until, cancellationToken),
                now
            );

            // The first batch creates the configured file.
            var isConfigured = options.CheckpointFile.Length > 0 && (bounds.Last > 0 || File.Exists(options.CheckpointFile));
            IReadOnlyList<string> files =
                checkpointFiles.Count > 0 ? checkpointFiles
                : isConfigured ? [options.CheckpointFile]
                : [];
            foreach (var file in files)
                await CompareAsync(file, report, cancellationToken);
            if (files.Count == 0)
                report.Note(
                    "No checkpoint file was compared, so missing records at the end would not be detected. Specify one: --checkpoints FILE"
                );

            // Retention went on meanwhile: what it dropped would look removed.
            if (report.ErrorCount == 0 || bounds.First == (await BoundsAsync(cancellationToken)).First)
                return report;
        }
    }

    private Task<Bounds> BoundsAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            db => db.SingleAsync<Bounds>("select coalesce(min(number), 0) as first, coalesce(max(number), 0) as last from audit.batches"),
            cancellationToken
        );

    private async IAsyncEnumerable<Batch> BatchesAsync(long last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; ; )
        {
            var batches = await database.QueryAsync(db => Batch.BetweenAsync(db, after, last, BatchesAtOnce), cancellationToken);
            foreach (var batch in batches)
                yield return batch;
            if (batches.Count < BatchesAtOnce)
                yield break;
            after = batches[^1].Number;
        }
    }

    private async IAsyncEnumerable<StoredRecord> RecordsAsync(
        AuditPosition until,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        for (var after = default(AuditPosition); ; )
        {
            var records = await database.QueryAsync(db => StoredRecord.BetweenAsync(db, after, until, RecordsAtOnce), cancellationToken);
            foreach (var record in records)
                yield return record;
            if (records.Count < RecordsAtOnce)
                yield break;
            after = records[^1].Position;
        }
    }

    private async Task CompareAsync(string file, AuditReport report, CancellationToken cancellationToken)
    {
        try
        {
            var number = 0;
            var some = new List<(int Line, Checkpoint Checkpoint)>();
            await foreach (var line in File.ReadLinesAsync(file, cancellationToken))
            {
                number++;
                if (Checkpoint.Parse(line) is not { } checkpoint)
                    report.Error($"{file}, line {number}: not a valid checkpoint.");
                else if (!key.Verifies(checkpoint.Message, checkpoint.Signature))
                    report.Error($"{file}, line {number}: this checkpoint is not signed with the key of this installation.");
                else
                    some.Add((number, checkpoint));

                if (some.Count < CheckpointsAtOnce)
                    continue;
                await CompareAsync(file, some, report, cancellationToken);
                some.Clear();
            }

            await CompareAsync(file, some, report, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report.Error($"The checkpoints could not be read: {e.Message}");
        }
    }

    private async Task CompareAsync(
        string file,
        List<(int Line, Checkpoint Checkpoint)> checkpoints,
        AuditReport report,
        CancellationToken cancellationToken
    )
    {
        var hashes = (
            await database.QueryAsync(
                db =>
                    db.ListAsync<Batch>(
                        "select number, hash from audit.batches where number = any(@numbers)",
                        new { numbers = checkpoints.Select(c => c.Checkpoint.Batch).ToArray() }
                    ),
                cancellationToken
            )
        ).ToDictionary(b => b.Number, b => b.Hash);
        var bounds = await BoundsAsync(cancellationToken);
        foreach (var (line, checkpoint) in checkpoints)
        {
            if (hashes.TryGetValue(checkpoint.Batch, out var hash))
            {
                if (!hash.AsSpan().SequenceEqual(checkpoint.Hash))
                    report.Error(
                        $"Batch {checkpoint.Batch} is not the one that was sealed: {file}, line {line}, has another hash.",
                        checkpoint.Batch
                    );
            }
            else if (checkpoint.Batch > bounds.First)
            {
                report.Error(
                    $"Batch {checkpoint.Batch}, which {file}, line {line}, names, does not exist: records at the end were removed.",
                    checkpoint.Batch
                );
            }

            report.Checkpoints++;
        }
    }

    private sealed class Bounds
    {
        public long First { get; init; }

        public long Last { get; init; }
    }
}
