using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gatehouse.SystemTests.Harness;

/// <summary>Everything that requests carrying <see cref="Header"/> caused, as spans: other applications of the run do not appear in
/// it.</summary>
internal sealed class TraceOf : IDisposable
{
    private readonly ActivityTraceId id = ActivityTraceId.CreateRandom();
    private readonly ConcurrentQueue<Activity> spans = new();
    private readonly ActivityListener listener;

    public TraceOf()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source =>
                source.Name is "Npgsql" or "Microsoft.AspNetCore" || source.Name.StartsWith("Gatehouse.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == id ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == id)
                    spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    public (string Name, string Value) Header => ("traceparent", $"00-{id}-{ActivitySpanId.CreateRandom()}-01");

    /// <summary>The statements and steps of the requests themselves, in order; what happens afterwards in the background is left
    /// out.</summary>
    public IReadOnlyList<string> Work() =>
        [.. spans.Where(IsOfRequest).OrderBy(s => s.StartTimeUtc).Select(Describe).Where(d => d.Length > 0)];

    /// <summary>What hashing the requests caused, in KiB of memory times passes.</summary>
    public long HashWork() => spans.Sum(s => s.GetTagItem(Gatehouse.Identity.Passwords.PasswordHasher.WorkTag) is long work ? work : 0);

    /// <summary>All that the spans say, for searching.</summary>
    public IEnumerable<string> Texts() =>
        spans.SelectMany(s =>
            s.TagObjects.Select(t => $"{t.Key}={t.Value}")
                .Concat(s.Events.SelectMany(e => e.Tags.Select(t => $"{t.Key}={t.Value}")))
                .Append(s.DisplayName)
                .Append(s.StatusDescription ?? "")
        );

    public void Dispose() => listener.Dispose();

    private static bool IsOfRequest(Activity span)
    {
        while (span.Parent is { } parent)
            span = parent;
        return span.Source.Name == "Microsoft.AspNetCore";
    }

    private static string Describe(Activity span) =>
        span.Source.Name switch
        {
            // Connections are opened as the pool needs them; only statements are work of the request.
            "Npgsql" => (span.GetTagItem("db.query.text") ?? span.GetTagItem("db.statement")) as string ?? "",
            "Microsoft.AspNetCore" => "",
            _ => span.OperationName,
        };
}
