using System.Globalization;
using Gatehouse.Core.Redis;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Tests.Web;
using Gatehouse.Web;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.SystemTests.Core.Redis;

/// <summary>Counts in Redis: what every store does, what nodes share, and what is left without it.</summary>
public sealed class RedisRateLimitStoreTests : RateLimitStoreSuite, IAsyncLifetime
{
    private static readonly RateLimitRule Two = new() { Permits = 2, Window = TimeSpan.FromSeconds(60) };

    private RedisServer server = null!;
    private RedisConnection one = null!;
    private RedisConnection other = null!;

    protected override IRateLimitStore Store => StoreOver(one);

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.StartAsync();
        (one, other) = (Connect(), Connect());
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await other.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_share_a_count_and_each_window_ends_by_itself()
    {
        var key = Key("192.0.2.10");
        Assert.True((await StoreOver(one).TakeAsync(key, Two, default)).Allowed);
        Assert.True((await StoreOver(other).TakeAsync(key, Two, default)).Allowed);
        Assert.False((await StoreOver(one).TakeAsync(key, Two, default)).Allowed);

        var name = Assert.Single(await KeysAsync());
        Assert.StartsWith("gatehouse:limit:", name, StringComparison.Ordinal);
        Assert.InRange(int.Parse(await server.CommandAsync("ttl", name), CultureInfo.InvariantCulture), 30, 60);
    }

    [Fact]
    public async Task A_count_that_lost_its_end_gets_one()
    {
        var key = Key("192.0.2.11");
        await Store.TakeAsync(key, Two, default);
        await server.CommandAsync("persist", Assert.Single(await KeysAsync()));

        await Store.TakeAsync(key, Two, default);

        Assert.InRange(int.Parse(await server.CommandAsync("ttl", Assert.Single(await KeysAsync())), CultureInfo.InvariantCulture), 30, 60);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_redis_each_node_counts_by_itself_and_with_it_again_all_together(bool hangs)
    {
        var (first, second, key) = (StoreOver(one), StoreOver(other), Key("192.0.2.12"));
        await first.TakeAsync(key, Two, default);
        await second.TakeAsync(key, Two, default);
        await (hangs ? server.HaltAsync() : server.StopAsync());

        foreach (var store in new[] { first, second })
            Assert.Equal([true, true, false], await TakeThreeAsync(store, key));

        Assert.False(one.Look().Healthy);
        await (hangs ? server.GoOnAsync() : server.StartAgainAsync());
        var fresh = Key("192.0.2.13");
        await TestApp.EventuallyAsync(
            async () => await one.PingAsync() is not null && await other.PingAsync() is not null,
            "Redis is back"
        );
        Assert.Equal(1, (await first.TakeAsync(fresh, Two, default)).Remaining);
        Assert.Equal(0, (await second.TakeAsync(fresh, Two, default)).Remaining);
        Assert.True(one.Look().Healthy);
    }

    [Fact]
    public async Task A_server_that_forgot_its_scripts_and_counts_is_used_as_before()
    {
        await Store.TakeAsync(Key("192.0.2.14"), Two, default);
        await server.CommandAsync("script", "flush");
        await server.CommandAsync("flushall");

        Assert.Equal(1, (await Store.TakeAsync(Key("192.0.2.14"), Two, default)).Remaining);
        Assert.Single(await KeysAsync());
    }

    // The windows end earlier by as much, instead of later by waiting.
    protected override async Task PassAsync(TimeSpan time)
    {
        foreach (var key in await KeysAsync())
        {
            var left = long.Parse(await server.CommandAsync("pttl", key), CultureInfo.InvariantCulture) - (long)time.TotalMilliseconds;
            await server.CommandAsync("pexpire", key, left.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static async Task<List<bool>> TakeThreeAsync(RedisRateLimitStore store, RateLimitKey key)
    {
        var taken = new List<bool>();
        for (var i = 0; i < 3; i++)
            taken.Add((await store.TakeAsync(key, Two, default)).Allowed);
        return taken;
    }

    private static RedisRateLimitStore StoreOver(RedisConnection redis) => new(redis, new MemoryRateLimitStore(TimeProvider.System));

    private RedisConnection Connect() =>
        new(new RedisOptions { Servers = server.Servers }, TimeProvider.System, NullLogger<RedisConnection>.Instance);

    private async Task<string[]> KeysAsync() => (await server.CommandAsync("keys", "*")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
