using System.Diagnostics;

namespace Gatehouse.Core.Telemetry;

/// <summary>
/// The steps of the program as trace spans. Every transaction, hand-over and delivery is one, with a stable name, so that a trace shows
/// how far a request came, and a test can stop the process before or after any step.
/// </summary>
public static class Spans
{
    public const string SourceName = "Gatehouse.Core";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>A step that continues the trace of the request that caused it.</summary>
    public static Activity? Start(string name, string? traceParent) =>
        ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var parent)
            ? Source.StartActivity(name, ActivityKind.Consumer, parent)
            : Source.StartActivity(name, ActivityKind.Consumer);
}
