using Microsoft.Extensions.Hosting;

namespace Gatehouse.Audit;

/// <summary>
/// Verifies for whoever asks, once at a time in this process: all who ask meanwhile, and within a minute after it, share the result. It
/// reads the whole audit, so nobody must be able to make it run again and again.
/// </summary>
internal sealed class SharedVerification(VerifyChain chain, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    public static readonly TimeSpan Shared = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Task<Verification>? latest;
    private DateTimeOffset? endedAt;

    /// <summary>The verification that goes on, or one that ended a moment ago. It does not end with the request that began it.</summary>
    public Task<Verification> RunAsync()
    {
        lock (gate)
        {
            if (latest is null or { IsFaulted: true } or { IsCanceled: true } || clock.GetUtcNow() - endedAt >= Shared)
                (endedAt, latest) = (null, Task.Run(VerifyAsync, lifetime.ApplicationStopping));
            return latest;
        }
    }

    private async Task<Verification> VerifyAsync()
    {
        var startedAt = clock.GetUtcNow();
        var report = await chain.RunAsync([], lifetime.ApplicationStopping);
        var run = new Verification(report, startedAt, clock.GetUtcNow());
        lock (gate)
            endedAt = run.EndedAt;
        return run;
    }
}

/// <param name="Report">What was found.</param>
/// <param name="StartedAt">When it began: what was recorded later is not in it.</param>
/// <param name="EndedAt">When it ended.</param>
internal sealed record Verification(AuditReport Report, DateTimeOffset StartedAt, DateTimeOffset EndedAt);
