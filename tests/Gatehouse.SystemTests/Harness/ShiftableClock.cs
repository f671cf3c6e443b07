namespace Gatehouse.SystemTests.Harness;

/// <summary>A clock that runs like the real one and can be moved forward, or held. Timers are real, so background work goes on by itself.</summary>
public sealed class ShiftableClock : TimeProvider
{
    private long shift;
    private long held;

    public void Advance(TimeSpan by)
    {
        Interlocked.Add(ref shift, by.Ticks);
        if (Interlocked.Read(ref held) != 0) Interlocked.Add(ref held, by.Ticks);
    }

    /// <summary>From now on only <see cref="Advance"/> moves it: however slow the machine is, no wait ends by itself.</summary>
    public void Hold() => Interlocked.CompareExchange(ref held, GetUtcNow().Ticks, 0);

    public override DateTimeOffset GetUtcNow() =>
        Interlocked.Read(ref held) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : System.GetUtcNow().AddTicks(Interlocked.Read(ref shift));
}
