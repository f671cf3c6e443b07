using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gatehouse.Identity.Passwords.Foreign;

/// <summary>
/// What foreign hashes cost in the unit of our own, KiB of memory times passes of Argon2. That depends on the machine, so each kernel is
/// measured against Argon2 once, when the first hash of its kind is met.
/// </summary>
/// <param name="memoryKiB">The memory that our own hashes take.</param>
/// <param name="hash">Computes one of our own with a single pass over it.</param>
internal sealed class ForeignCosts(int memoryKiB, Action hash)
{
    private const int Tries = 5;

    private readonly ConcurrentDictionary<string, double> workOfUnit = new(StringComparer.Ordinal);

    public long WorkOf(HashKernel kernel, long units) => (long)Math.Ceiling(units * workOfUnit.GetOrAdd(kernel.Name, _ => Measure(kernel)));

    private double Measure(HashKernel kernel) => Fastest(kernel.Probe) / kernel.ProbeUnits / (Fastest(hash) / memoryKiB);

    // The fastest of some: whatever else the machine does makes it slower only.
    private static double Fastest(Action work) =>
        Enumerable
            .Range(0, Tries)
            .Min(_ =>
            {
                var start = Stopwatch.GetTimestamp();
                work();
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            });
}
