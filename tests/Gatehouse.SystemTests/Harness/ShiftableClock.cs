namespace Gatehouse.SystemTests.Harness;

/// <summary>A clock that runs like the real one and can be moved forward, or held. Timers are real, so background work goes on by
/// itself.</summary>
public sealed class ShiftableClock : TimeProvider
{
    private long shift;
    private long held;

    public void Advance(TimeSpan by)
    {
        Interlocked.Add(ref shift, by.Ticks);
        if (Interlocked.Read(ref held) != 0)
            Interlocked.Add(ref held, by.Ticks);
    }

    /// <summary>Until the answer is disposed of only <see cref="Advance"/> moves it: however slow the machine is, no wait ends by
    /// itself.</summary>
    public IDisposable Hold()
    {
        Interlocked.CompareExchange(ref held, GetUtcNow().Ticks, 0);
        return new Held(this);
    }

    public override DateTimeOffset GetUtcNow() =>
        Interlocked.Read(ref held) is var ticks and not 0
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : System.GetUtcNow().AddTicks(Interlocked.Read(ref shift));

    // It runs on from where it stood.
    private void Run()
    {
        if (Interlocked.Read(ref held) is var stood && stood == 0)
            return;
        Interlocked.Exchange(ref shift, stood - System.GetUtcNow().Ticks);
        Interlocked.Exchange(ref held, 0);
    }

    private sealed class Held(ShiftableClock clock) : IDisposable
    {
        public void Dispose() => clock.Run();
    }
}
