using System.Net;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;

namespace Gatehouse.Tests.Web;

/// <summary>What every store of request counts does.</summary>
public abstract class RateLimitStoreSuite
{
    private static readonly RateLimitRule Three = new() { Permits = 3, Window = TimeSpan.FromMinutes(1) };

    protected abstract IRateLimitStore Store { get; }

    protected abstract Task PassAsync(TimeSpan time);

    [Fact]
    public async Task Permits_run_out_and_come_back_with_the_next_window()
    {
        var key = Key("192.0.2.1");
        Assert.Equal([true, true, true, false, false], await TakeAsync(key, times: 5));
        Assert.InRange((await Store.TakeAsync(key, Three, default)).Reset, TimeSpan.FromSeconds(30), Three.Window);

        await PassAsync(Three.Window);
        Assert.Equal([true, true, true, false], await TakeAsync(key, times: 4));
    }

    [Fact]
    public async Task What_remains_is_told()
    {
        var key = Key("192.0.2.2");
        var counts = new[] { await Store.TakeAsync(key, Three, default), await Store.TakeAsync(key, Three, default) };
        Assert.Equal([2, 1], counts.Select(c => c.Remaining));
    }

    [Fact]
    public async Task Clients_and_policies_do_not_share_a_count()
    {
        Assert.Equal([true, true, true, false], await TakeAsync(Key("192.0.2.3"), times: 4));
        Assert.Equal([true], await TakeAsync(Key("192.0.2.4"), times: 1));
        Assert.Equal([true], await TakeAsync(RateLimitKey.Of(VerificationArea.VerifyLimit, IPAddress.Parse("192.0.2.3")), times: 1));
    }

    [Fact]
    public async Task Parallel_requests_get_no_more_than_the_limit()
    {
        var key = Key("192.0.2.5");
        var taken = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(async () => (await Store.TakeAsync(key, Three, default)).Allowed))
        );
        Assert.Equal(3, taken.Count(allowed => allowed));
    }

    protected static RateLimitKey Key(string address) => RateLimitKey.Of(AccountsArea.RegisterLimit, IPAddress.Parse(address));

    private async Task<List<bool>> TakeAsync(RateLimitKey key, int times)
    {
        var taken = new List<bool>();
        for (var i = 0; i < times; i++)
            taken.Add((await Store.TakeAsync(key, Three, default)).Allowed);
        return taken;
    }
}
