using System.Collections.Concurrent;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Passwords;

namespace Gatehouse.Tests.Identity.Passwords;

public sealed class HashingQueueTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PasswordHashingOptions options = new()
    {
        MaxConcurrent = 1,
        MaxWaiting = 6,
        MaxWait = TimeSpan.FromMinutes(1),
    };
    private readonly ConcurrentQueue<string> served = new();
    private readonly TaskCompletionSource inside = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim leave = new();
    private readonly HashingQueue gate;

    public HashingQueueTests() => gate = new HashingQueue(options, TimeProvider.System);

    public void Dispose()
    {
        leave.Set();
        gate.Dispose();
        leave.Dispose();
    }

    [Fact]
    public async Task A_greedy_client_delays_another_by_one_turn_only()
    {
        var first = await OccupyAsync();
        var rest = "GGGGmm".Select(client => Enter($"{client}")).ToList();
        leave.Set();
        await Task.WhenAll(rest.Append(first)).WaitAsync(Patience);
        Assert.Equal("occupant G m G m G G", string.Join(' ', served));
    }

    [Fact]
    public async Task A_full_queue_turns_away_the_newest_of_the_client_with_most()
    {
        var first = await OccupyAsync();
        var greedy = Enumerable.Range(0, 6).Select(_ => Enter("greedy")).ToList();
        var modest = Enter("modest");
        Assert.Equal("identity.overloaded", (await greedy[5].WaitAsync(Patience)).Error?.Code);
        Assert.Equal("identity.overloaded", (await Enter("greedy").WaitAsync(Patience)).Error?.Code);
        leave.Set();
        Assert.True((await modest.WaitAsync(Patience)).Succeeded);
        Assert.All(await Task.WhenAll(greedy.Take(5).Append(first)).WaitAsync(Patience), outcome => Assert.True(outcome.Succeeded));
    }

    [Fact]
    public async Task Whoever_waits_too_long_is_told_when_to_come_back()
    {
        var first = await OccupyAsync();
        options.MaxWait = TimeSpan.FromMilliseconds(50);
        var error = (await Enter("late").WaitAsync(Patience)).Error;
        Assert.Equal(("identity.overloaded", ErrorKind.Unavailable, options.MaxWait), (error?.Code, error?.Kind, error?.RetryAfter));
        leave.Set();
        Assert.True((await first.WaitAsync(Patience)).Succeeded);
        await AssertFreeAsync();
        Assert.Equal("occupant next", string.Join(' ', served));
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_the_queue_and_the_turn_to_others()
    {
        var first = await OccupyAsync();
        using var cancellation = new CancellationTokenSource();
        var cancelled = Enter("cancelled", cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Patience));
        leave.Set();
        await first.WaitAsync(Patience);
        await AssertFreeAsync();
        Assert.Equal("occupant next", string.Join(' ', served));
    }

    [Fact]
    public async Task A_caller_who_leaves_during_the_hash_does_not_keep_the_turn()
    {
        using var cancellation = new CancellationTokenSource();
        var first = Enter("leaver", cancellation.Token);
        await inside.Task.WaitAsync(Patience);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Patience));
        leave.Set();
        await AssertFreeAsync();
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_and_frees_the_turn()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            gate.RunAsync<int>("unlucky", () => throw new InvalidOperationException(), default).WaitAsync(Patience)
        );
        leave.Set();
        await AssertFreeAsync();
    }

    [Fact]
    public async Task No_more_run_at_once_than_allowed_and_none_on_the_thread_pool()
    {
        options.MaxConcurrent = 2;
        options.MaxWaiting = 1_000;
        var running = 0;
        var most = 0;
        var pooled = 0;
        var all = Enumerable
            .Range(0, 200)
            .Select(i =>
                gate.RunAsync(
                    $"client {i % 7}",
                    () =>
                    {
                        InterlockedMax(ref most, Interlocked.Increment(ref running));
                        if (Thread.CurrentThread.IsThreadPoolThread)
                            Interlocked.Increment(ref pooled);
                        Thread.SpinWait(10_000);
                        return Interlocked.Decrement(ref running);
                    },
                    default
                )
            );
        Assert.All(await Task.WhenAll(all).WaitAsync(Patience), outcome => Assert.True(outcome.Succeeded));
        Assert.Equal((true, 0), (most is 1 or 2, pooled));
    }

    [Fact]
    public async Task Closing_turns_everybody_away()
    {
        await OccupyAsync();
        var waiting = Enter("waiting");
        gate.Dispose();
        Assert.Equal("identity.overloaded", (await waiting.WaitAsync(Patience)).Error?.Code);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Enter("later"));
    }

    private async Task<Task<Outcome<int>>> OccupyAsync()
    {
        var first = Enter("occupant");
        await inside.Task.WaitAsync(Patience);
        return first;
    }

    private async Task AssertFreeAsync()
    {
        options.MaxWait = Patience;
        Assert.True((await Enter("next").WaitAsync(Patience)).Succeeded);
    }

    private Task<Outcome<int>> Enter(string client) => Enter(client, CancellationToken.None);

    private Task<Outcome<int>> Enter(string client, CancellationToken cancellationToken) =>
        gate.RunAsync(
            client,
            () =>
            {
                served.Enqueue(client);
                inside.TrySetResult();
                leave.Wait(Patience);
                return 0;
            },
            cancellationToken
        );

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }
}
