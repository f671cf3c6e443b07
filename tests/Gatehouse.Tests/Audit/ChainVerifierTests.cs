using Gatehouse.Audit;
using Gatehouse.Audit.Data;

namespace Gatehouse.Tests.Audit;

public class ChainVerifierTests
{
    private readonly List<StoredRecord> records = Chain.Records(25);
    private readonly List<Batch> batches;

    public ChainVerifierTests() => batches = [.. Chain.Seal(Chain.Records(25), 10)];

    [Fact]
    public async Task An_untouched_chain_is_good()
    {
        var report = await VerifyAsync();

        Assert.Equal([], report.Errors);
        Assert.Equal((3L, 25L, 0L), (report.Batches, report.Records, report.Unsealed));
    }

    [Fact]
    public async Task A_changed_record_is_named()
    {
        records[12] = records[12] with { Network = "198.51.100.0/24" };

        Assert.Equal([$"Batch 2: record 3 of 10, {records[12].Id} of 2026-11-01 08:00:13 UTC, was changed."], (await VerifyAsync()).Errors);
    }

    [Theory]
    [InlineData(0, "at the beginning of the batch")]
    [InlineData(12, "after the record 0000000c-0000-0007-0000-000000000000 of 2026-11-01 08:00:12 UTC")]
    [InlineData(24, "after the record 00000018-0000-0007-0000-000000000000 of 2026-11-01 08:00:24 UTC")]
    public async Task A_removed_record_is_placed(int index, string behind)
    {
        records.RemoveAt(index);

        var fault = Assert.Single((await VerifyAsync()).Errors);
        Assert.Equal(
            $"Batch {(index / 10) + 1}: record {(index % 10) + 1} of {(index == 24 ? 5 : 10)} was removed; it was {behind}.",
            fault
        );
    }

    [Fact]
    public async Task An_inserted_record_is_named()
    {
        var inserted = records[4] with { Id = Chain.Record(99).Id };
        records.Insert(5, inserted);

        Assert.Equal(
            [$"Batch 1: the record {inserted.Id} of 2026-11-01 08:00:05 UTC was inserted after the batch was sealed."],
            (await VerifyAsync()).Errors
        );
    }

    [Fact]
    public async Task A_record_put_before_all_others_is_named()
    {
        records.Insert(0, Chain.Record(99) with { Xid = 1, Seq = 0 });

        Assert.Contains("was inserted after the batch was sealed", Assert.Single((await VerifyAsync()).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_records_that_changed_places_are_both_named()
    {
        var (a, b) = (records[2], records[3]);
        (records[2], records[3]) = (b with { Xid = a.Xid, Seq = a.Seq }, a with { Xid = b.Xid, Seq = b.Seq });

        var report = await VerifyAsync();
        Assert.Equal(2, report.Errors.Count);
        Assert.All(report.Errors, fault => Assert.EndsWith("was changed.", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_batch_that_was_wiped_and_filled_again_is_told_record_by_record()
    {
        for (var i = 10; i < 20; i++)
            records[i] = records[i] with { Subject = null };

        Assert.Equal(10, (await VerifyAsync()).Errors.Count);
    }

    [Fact]
    public async Task A_removed_batch_is_missing_and_its_records_are_not_held_against_others()
    {
        batches.RemoveAt(1);

        Assert.Equal(["Batch 2 is missing, and was not deleted by retention."], (await VerifyAsync()).Errors);
    }

    [Fact]
    public async Task Removed_batches_at_the_beginning_are_missing()
    {
        batches.RemoveRange(0, 2);
        records.RemoveRange(0, 20);

        Assert.Equal(["The batches 1 to 2 are missing, and were not deleted by retention."], (await VerifyAsync()).Errors);
    }

    [Fact]
    public async Task Records_of_a_removed_last_batch_are_found_when_they_should_long_be_sealed()
    {
        batches.RemoveAt(2);
        var newest = records[20].RecordedAt;

        var report = await VerifyAsync(newest + ChainVerifier.SealedWithin);
        Assert.Equal((0L, 5L), (report.ErrorCount, report.Unsealed));
        Assert.Contains(
            "5 records",
            Assert.Single((await VerifyAsync(newest + ChainVerifier.SealedWithin + TimeSpan.FromSeconds(1))).Errors),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_batch_made_again_with_the_changed_record_lacks_the_signature_and_breaks_the_link()
    {
        records[12] = records[12] with { Reason = "another" };
        using var stranger = new CheckpointKey(() => [1, .. new byte[31]]);
        batches[1] = Batch.Of(batches[0], records[10..20], batches[1].SealedAt, stranger);

        Assert.Equal(
            [
                "Batch 2 has an invalid signature: its number, hash or time was not signed with the key of this installation.",
                "Batch 3 does not follow batch 2: one of the two was replaced.",
            ],
            (await VerifyAsync()).Errors
        );
    }

    [Fact]
    public async Task Whatever_is_changed_in_a_batch_shows()
    {
        Func<Batch, Batch>[] changes =
        [
            b => b with { FirstEpoch = 0 },
            b => b with { FirstXid = 0 },
            b => b with { FirstSeq = 0 },
            b => b with { LastEpoch = 2 },
            b => b with { LastXid = 9999 },
            b => b with { LastSeq = 12 },
            b => b with { Records = 9 },
            b => b with { NewestAt = Chain.Start },
            b => b with { Digests = b.Digests[32..] },
            b => b with { Previous = new byte[32] },
            b => b with { Hash = new byte[32] },
            b => b with { SealedAt = Chain.Start },
            b => b with { Signature = new byte[64] },
            b => b with { Signature = [] },
        ];
        foreach (var change in changes)
        {
            var altered = batches.Select(b => b.Number == 2 ? change(b) : b);
            Assert.Contains((await Chain.VerifyAsync(altered, records)).Errors, f => f.StartsWith("Batch 2 ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Behind_a_batch_signed_as_trimmed_the_chain_goes_on()
    {
        var at = Chain.Start.AddDays(400);
        batches[1] = batches[1] with { TrimmedAt = at, TrimSignature = Chain.Key.Sign(Checkpoint.TrimMessage(batches[1], at)) };
        batches.RemoveAt(0);
        // A partition holds a whole day: some of what was trimmed may still be there.
        records.RemoveRange(0, 15);

        var report = await VerifyAsync();
        Assert.Equal([], report.Errors);
        Assert.Equal(
            "The records of the batches up to 2 were deleted after their retention; verification starts at batch 3.",
            Assert.Single(report.Notes)
        );
        Assert.Equal((1L, 5L), (report.Batches, report.Records));
    }

    [Fact]
    public async Task A_batch_that_only_says_it_was_trimmed_is_an_error()
    {
        batches[1] = batches[1] with { TrimmedAt = Chain.Start, TrimSignature = batches[1].Signature };
        batches.RemoveAt(0);
        records.RemoveRange(0, 20);

        Assert.Contains(
            "not signed with the key of this installation",
            Assert.Single((await VerifyAsync()).Errors),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_wiped_table_is_reported_in_a_hundred_lines()
    {
        var report = await Chain.VerifyAsync(Chain.Seal(Chain.Records(5_000), 1_000), []);

        Assert.Equal((AuditReport.MaxErrors, 5_000L), (report.Errors.Count, report.ErrorCount));
    }

    private Task<AuditReport> VerifyAsync(DateTimeOffset? now = null) => Chain.VerifyAsync(batches, records, now);
}
