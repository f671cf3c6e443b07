using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Web.Operations;

/// <summary>Live streams of operations (server-sent events).</summary>
public sealed class LiveOptions
{
    /// <summary>Streams one user or service account may have open at a node: 1 to 1,000, default 20. More are rejected with 429.</summary>
    [Range(1, 1000)]
    public int StreamsPerActor { get; set; } = 20;

    /// <summary>Streams a node keeps open: 1 to 1,000,000, default 20,000. More are rejected with 503.</summary>
    [Range(1, 1_000_000)]
    public int Streams { get; set; } = 20_000;

    /// <summary>
    /// Seconds without news after which a stream gets a sign of life: 1 to 300, default 15. Must be shorter than the idle time-out of
    /// proxies in front.
    /// </summary>
    [Range(1, 300)]
    public int HeartbeatSeconds { get; set; } = 15;
}
