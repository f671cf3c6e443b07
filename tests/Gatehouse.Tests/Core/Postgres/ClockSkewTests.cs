using Gatehouse.Core.Postgres;
using Gatehouse.Tests.Web;

namespace Gatehouse.Tests.Core.Postgres;

public sealed class ClockSkewTests
{
    private readonly StillClock clock = new();
    private readonly ClockSkew skew;

    public ClockSkewTests() => skew = new ClockSkew(clock);

    [Theory]
    [InlineData(5, false)]
    [InlineData(5.1, true)]
    [InlineData(-5, false)]
    [InlineData(-5.1, true)]
    [InlineData(86_400, true)]
    public void A_clock_may_differ_by_five_seconds(double ahead, bool tooLarge)
    {
        skew.Measure(clock.GetUtcNow().AddSeconds(-ahead), clock.GetTimestamp());
        Assert.Equal(tooLarge, skew.IsTooLarge);
    }

    [Fact]
    public void An_answer_that_was_long_on_its_way_proves_nothing()
    {
        var (asked, then) = (clock.GetTimestamp(), clock.GetUtcNow());
        clock.Advance(TimeSpan.FromSeconds(15));
        skew.Measure(then, asked);
        Assert.False(skew.IsTooLarge);
    }

    [Fact]
    public async Task Who_waits_goes_on_when_the_clock_is_right_again()
    {
        skew.Measure(clock.GetUtcNow().AddDays(-1), clock.GetTimestamp());
        var waiting = skew.WaitUntilRightAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        skew.Measure(clock.GetUtcNow(), clock.GetTimestamp());

        await waiting.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.False(skew.IsTooLarge);
    }
}
