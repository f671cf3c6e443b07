using Gatehouse.Web;

namespace Gatehouse.Tests.Web;

public class MemoryRateLimitStoreTests : RateLimitStoreSuite
{
    private readonly StillClock clock = new();

    public MemoryRateLimitStoreTests() => Store = new MemoryRateLimitStore(clock);

    protected override IRateLimitStore Store { get; }

    protected override Task PassAsync(TimeSpan time)
    {
        clock.Advance(time);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Ended_windows_are_swept()
    {
        var store = new MemoryRateLimitStore(clock);
        for (var i = 0; i < 100; i++)
            await store.TakeAsync(Key($"192.0.2.{i}"), new RateLimitRule { Permits = 1, Window = TimeSpan.FromSeconds(1) }, default);
        clock.Advance(TimeSpan.FromMinutes(2));
        await store.TakeAsync(Key("198.51.100.1"), new RateLimitRule(), default);
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public async Task A_flood_of_addresses_neither_grows_memory_nor_frees_the_one_who_used_most()
    {
        var store = new MemoryRateLimitStore(clock, capacity: 100);
        var rule = new RateLimitRule { Permits = 2, Window = TimeSpan.FromHours(1) };
        var greedy = Key("203.0.113.1");
        for (var i = 0; i < 3; i++)
            await store.TakeAsync(greedy, rule, default);

        for (var i = 0; i < 5000; i++)
            await store.TakeAsync(Key($"10.0.{i / 250}.{i % 250}"), rule, default);

        Assert.InRange(store.Count, 50, 100);
        Assert.False((await store.TakeAsync(greedy, rule, default)).Allowed);
    }
}
