namespace Gatehouse.Audit;

/// <summary>What a verification found, in words for an operator.</summary>
public sealed class AuditReport
{
    /// <summary>More are counted but not kept: a report of a wiped table must fit in memory and on a screen.</summary>
    internal const int MaxErrors = 100;

    private readonly List<string> errors = [];
    private readonly List<string> notes = [];

    public IReadOnlyList<string> Errors => errors;

    public long ErrorCount { get; private set; }

    public IReadOnlyList<string> Notes => notes;

    /// <summary>Batches whose records were compared.</summary>
    public long Batches { get; internal set; }

    /// <summary>Records in them.</summary>
    public long Records { get; internal set; }

    /// <summary>Records behind the last batch, which nothing protects yet.</summary>
    public long Unsealed { get; internal set; }

    /// <summary>Checkpoints kept outside the database that were compared.</summary>
    public long Checkpoints { get; internal set; }

    /// <summary>The least number of a batch in which something differs; null if nothing does, or only outside of batches.</summary>
    public long? FirstBrokenBatch { get; private set; }

    /// <summary>The newest batch; 0 if there is none.</summary>
    public long LastBatch { get; internal set; }

    /// <summary>When that one was sealed; null if there is none.</summary>
    public DateTimeOffset? LastSealedAt { get; internal set; }

    internal void Error(string text, long? batch = null)
    {
        ErrorCount++;
        if (batch < FirstBrokenBatch || FirstBrokenBatch is null)
            FirstBrokenBatch = batch ?? FirstBrokenBatch;
        if (errors.Count < MaxErrors)
            errors.Add(text);
    }

    internal void Note(string text) => notes.Add(text);
}
