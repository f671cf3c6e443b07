namespace Gatehouse.Tests.Audit;

[Collection<Alone>]
public class LongChainTests
{
    [Fact]
    public async Task A_long_chain_is_verified_without_holding_it()
    {
        // Both streams are made while they are read; what stays in memory is what the verifier keeps. Held, the records would be 40 MB, and
        // the bytes of their digests alone 2.9 MB.
        var low = await HeldAsync(10_000);
        var high = await HeldAsync(100_000);

        Assert.InRange(high - low, long.MinValue, 2 * 1024 * 1024);
    }

    private static async Task<long> HeldAsync(int count)
    {
        var held = 0L;
        var report = await Chain.VerifyAsync(
            Chain.Seal(Enumerable.Range(1, count).Select(Chain.Record), 1_000),
            Enumerable
                .Range(1, count)
                .Select(n =>
                {
                    if (n % (count / 5) == 0)
                        held = Math.Max(held, GC.GetTotalMemory(forceFullCollection: true));
                    return Chain.Record(n);
                })
        );
        Assert.Equal((0L, (long)count), (report.ErrorCount, report.Records));
        return held;
    }
}

/// <summary>Runs when no other test does: the memory that is measured is that of the whole process.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
