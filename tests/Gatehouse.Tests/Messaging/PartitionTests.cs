using Gatehouse.Messaging;

namespace Gatehouse.Tests.Messaging;

public class PartitionTests
{
    [Fact]
    public void A_key_is_always_in_the_same_lane()
    {
        // Fixed for ever: a change would reorder keys in flight.
        Assert.Equal(15, Partition.Of(new Guid("00000000-0001-7000-8000-0000000000ff")));
        Assert.Equal(1, Partition.Of(new Guid("00000000-0001-7000-8000-000000000001")));
        Assert.Equal(0, Partition.Of(Guid.Empty));
    }

    [Fact]
    public void Keys_of_one_moment_fill_all_lanes_evenly()
    {
        var counts = Enumerable
            .Range(0, 16_000)
            .Select(_ => Partition.Of(Guid.CreateVersion7(DateTimeOffset.UnixEpoch)))
            .CountBy(l => l)
            .ToList();

        Assert.Equal(Partition.Count, counts.Count);
        Assert.All(counts, lane => Assert.InRange(lane.Value, 800, 1200));
    }
}
