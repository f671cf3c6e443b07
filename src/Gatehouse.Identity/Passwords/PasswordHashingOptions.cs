using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Identity.Passwords;

/// <summary>
/// Cost of a password hash (Argon2id, parallelism 1) and limits on concurrent hashing. Memory and passes together must reach one
/// of OWASP's minimums: 46 MiB with 1 pass, 19 MiB with 2, 12 MiB with 3, 9 MiB with 4, 7 MiB with 5 or more.
/// After an increase, a user's password is rehashed at the next sign-in.
/// </summary>
public sealed class PasswordHashingOptions : ICheckSettings
{
    internal const int MaxMemoryKiB = 262_144;
    internal const int MaxPasses = 10;

    private static readonly (int Passes, int MemoryKiB)[] Minimums =
    [
        (1, 46 * 1024),
        (2, 19 * 1024),
        (3, 12 * 1024),
        (4, 9 * 1024),
        (5, 7 * 1024),
    ];

    /// <summary>Memory of one hash in KiB. 7,168 to 262,144, default 19,456 (19 MiB). Reserved once per hash running at the same
    /// time.</summary>
    [Range(7 * 1024, MaxMemoryKiB)]
    public int MemoryKiB { get; set; } = 19 * 1024;

    /// <summary>Passes over the memory. 1 to 10, default 2.</summary>
    [Range(1, MaxPasses)]
    public int Passes { get; set; } = 2;

    /// <summary>Number of hashes computed at the same time, each on its own thread: 1 to 256. Default: the number of cores.</summary>
    [Range(1, 256)]
    public int? MaxConcurrent { get; set; }

    /// <summary>Maximum number of waiting hashes of all clients: 1 to 100,000, default 1,000. When the queue is full, the newest entry of
    /// the client with the most entries is rejected.</summary>
    [Range(1, 100_000)]
    public int MaxWaiting { get; set; } = 1_000;

    /// <summary>How long a hash may wait before the request is rejected with 503: 0.1 to 10 seconds, default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(2);

    internal int EffectiveMaxConcurrent => MaxConcurrent ?? Math.Min(Environment.ProcessorCount, 256);

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (!Array.Exists(Minimums, least => Passes >= least.Passes && MemoryKiB >= least.MemoryKiB))
        {
            var allowed = string.Join(", ", Minimums.Select(least => $"{least.MemoryKiB} KiB with {least.Passes}"));
            yield return new ValidationResult(
                $"must reach OWASP's minimum, of which any is enough: {allowed} passes",
                [nameof(MemoryKiB), nameof(Passes)]
            );
        }
    }
}
