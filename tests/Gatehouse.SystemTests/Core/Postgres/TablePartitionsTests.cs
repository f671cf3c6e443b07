using System.Globalization;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Messaging;

namespace Gatehouse.SystemTests.Core.Postgres;

[Collection<OneProbe>]
public sealed class TablePartitionsTests(ProbedApp probed)
{
    private readonly TestApp app = probed.App;

    [Fact]
    public async Task A_clock_forty_days_on_finds_its_partitions_and_the_log_loses_what_the_inbox_still_remembers()
    {
        var (day, key) = (Day(), Probe.NewKey(app));
        await Probe.PublishAsync(app, key, "1");
        await Probe.ExpectAsync(app, key, "1");
        await app.QuietAsync();

        app.Clock.Advance(TimeSpan.FromDays(40));
        await Probe.PublishAsync(app, key, "2");
        await Probe.ExpectAsync(app, key, "1 2");
        await GoneAsync("events_" + day);
        Assert.True(await ExistsAsync("inbox_" + day));

        app.Clock.Advance(TimeSpan.FromDays(1));
        await GoneAsync("inbox_" + day);
    }

    [Fact]
    public async Task A_clock_three_years_on_drops_no_partition_before_every_lane_is_past_it()
    {
        var (day, held) = (Day(), Probe.NewKey(app, lane: 11));
        // The lane stands still, as with a carrier that is away.
        await app.ExecuteAsync(
            """
            update runtime.lanes set owner = '00000000-0000-7000-8000-00000000dead', leased_until = now() + interval '1 hour'
             where lane = 11
            """
        );
        await Probe.PublishAsync(app, held, "1", "2");

        app.Clock.Advance(TimeSpan.FromDays(3 * 365));
        var free = Probe.NewKey(app, lane: 12);
        await Probe.PublishAsync(app, free, "1");
        await Probe.ExpectAsync(app, free, "1");
        var before = DateTimeOffset
            .Parse(day.Insert(6, "-").Insert(4, "-"), CultureInfo.InvariantCulture)
            .AddDays(-1)
            .ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        await GoneAsync("events_" + before);
        await GoneAsync("inbox_" + before);
        Assert.True(await ExistsAsync("events_" + day));
        Assert.True(await ExistsAsync("inbox_" + day));

        await app.ExecuteAsync("update runtime.lanes set owner = null, leased_until = null where lane = 11");
        await Probe.ExpectAsync(app, held, "1 2");
        Assert.Equal("", await Probe.DeferredAsync(app, held));
        await app.QuietAsync();
        app.Clock.Advance(TimeSpan.FromHours(2));
        await GoneAsync("events_" + day);
        app.Clock.Advance(TimeSpan.FromHours(2));
        await GoneAsync("inbox_" + day);
    }

    private string Day() => app.Clock.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private Task<bool> ExistsAsync(string partition) =>
        app.ScalarAsync<bool>("select to_regclass('runtime.' || $1) is not null", partition);

    private Task GoneAsync(string partition) =>
        TestApp.EventuallyAsync(async () => !await ExistsAsync(partition), partition + " is dropped");
}
