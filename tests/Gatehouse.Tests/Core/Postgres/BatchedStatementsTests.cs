using System.Collections.Concurrent;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Tests.Core.Postgres;

public sealed class BatchedStatementsTests
{
    private readonly ConcurrentQueue<(IReadOnlyList<int> Keys, TaskCompletionSource Go)> statements = new();

    [Fact]
    public async Task Under_light_load_each_statement_leaves_at_once()
    {
        var reads = Reads();
        var first = reads.FindAsync(1, default);
        Assert.Equal([1], Release().Keys);
        Assert.Equal("row 1", await first);

        var second = reads.FindAsync(2, default);
        Assert.Equal([2], Release().Keys);
        Assert.Equal("row 2", await second);
    }

    [Fact]
    public async Task Who_asks_meanwhile_shares_the_next_statement_and_each_gets_the_own_row()
    {
        var reads = Reads();
        var busy = Enumerable.Range(0, Environment.ProcessorCount).Select(n => reads.FindAsync(n, default)).ToList();
        int[] asked = [101, 102, 101, -7];
        var waiting = asked.Select(key => reads.FindAsync(key, default)).ToList();
        Assert.Equal(busy.Count, statements.Count);

        Release();
        await EventuallyAsync(() => statements.Any(s => s.Keys.Contains(102)));
        while (!statements.IsEmpty)
            Release();

        await Task.WhenAll(busy);
        Assert.Equal<IEnumerable<string?>>(["row 101", "row 102", "row 101", null], await Task.WhenAll(waiting));
    }

    [Fact]
    public async Task A_statement_carries_at_most_a_hundred_keys_and_nobody_is_left_waiting()
    {
        var reads = Reads();
        var all = Enumerable.Range(0, 1_000).Select(n => reads.FindAsync(n, default)).ToList();
        var sizes = new List<int>();
        while (!all.TrueForAll(r => r.IsCompleted))
        {
            if (statements.IsEmpty)
                await Task.Yield();
            else
                sizes.Add(Release().Keys.Count);
        }

        Assert.Equal(Enumerable.Range(0, 1_000).Select(n => "row " + n), await Task.WhenAll(all));
        Assert.All(sizes, size => Assert.InRange(size, 1, 100));
    }

    [Fact]
    public async Task A_statement_that_fails_fails_its_readers_and_no_other()
    {
        var reads = Reads();
        var lost = reads.FindAsync(1, default);
        statements.TryDequeue(out var statement);
        statement.Go.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => lost);

        var next = reads.FindAsync(2, default);
        Release();
        Assert.Equal("row 2", await next);
    }

    [Fact]
    public async Task Who_gives_up_takes_nobody_along()
    {
        using var impatience = new CancellationTokenSource();
        var reads = Reads();
        var busy = Enumerable.Range(0, Environment.ProcessorCount).Select(n => reads.FindAsync(n, default)).ToList();
        var (gone, stays) = (reads.FindAsync(101, impatience.Token), reads.FindAsync(102, default));

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        while (!stays.IsCompleted)
        {
            if (statements.IsEmpty)
                await Task.Yield();
            else
                Release();
        }

        Assert.Equal("row 102", await stays);
        await Task.WhenAll(busy);
    }

    [Fact]
    public async Task Nothing_is_kept_from_one_read_to_the_next()
    {
        var version = 0;
        var reads = new BatchedStatements<int, string>(
            (keys, _) => Task.FromResult<IReadOnlyDictionary<int, string>>(keys.ToDictionary(k => k, _ => "version " + version))
        );

        Assert.Equal("version 0", await reads.FindAsync(1, default));
        version = 1;
        Assert.Equal("version 1", await reads.FindAsync(1, default));
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        for (var turn = 0; turn < 100_000 && !condition(); turn++)
            await Task.Yield();
        Assert.True(condition());
    }

    /// <summary>Each statement waits until it is released; negative keys have no row.</summary>
    private BatchedStatements<int, string> Reads() =>
        new(
            async (keys, _) =>
            {
                var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                statements.Enqueue((keys, go));
                await go.Task;
                return keys.Where(k => k >= 0).ToDictionary(k => k, k => "row " + k);
            }
        );

    private (IReadOnlyList<int> Keys, TaskCompletionSource Go) Release()
    {
        Assert.True(statements.TryDequeue(out var statement));
        statement.Go.SetResult();
        return statement;
    }
}
