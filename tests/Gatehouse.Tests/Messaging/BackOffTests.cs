using Gatehouse.Core.Hosting;

namespace Gatehouse.Tests.Messaging;

public class BackOffTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(9, 256)]
    [InlineData(10, 300)]
    [InlineData(20, 300)]
    [InlineData(int.MaxValue, 300)]
    public void Waits_double_from_a_second_to_five_minutes(int attempts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BackOff.After(attempts, jitter: 0));

    [Fact]
    public void Each_wait_is_up_to_a_fifth_shorter_or_longer_and_they_differ()
    {
        var waits = Enumerable.Range(0, 1000).Select(_ => BackOff.After(10)).ToList();

        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.FromSeconds(240), TimeSpan.FromSeconds(360)));
        Assert.True(waits.Distinct().Count() > 100);
    }
}
