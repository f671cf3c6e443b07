namespace Gatehouse.SystemTests.Harness;

/// <summary>A clock that runs like the real one and can be moved forward. Timers are real, so background work goes on by itself.</summary>
public sealed class ShiftableClock : TimeProvider
{
    private long shift;

    public void Advance(TimeSpan by) => Interlocked.Add(ref shift, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref shift));
}
