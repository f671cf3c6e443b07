namespace Gatehouse.Core.Postgres;

/// <summary>
/// Answers many readers of single rows with few statements. Whoever asks while as many statements as cores are on their way waits for one of
/// them to end and then shares the next one with all who wait; under light load everybody's statement leaves at once. What is read was always
/// current after it was asked for: nothing is kept.
/// </summary>
/// <param name="read">Reads the rows of several keys, in one statement; keys without a row are left out.</param>
public sealed class BatchedReads<TKey, TRow>(Func<IReadOnlyList<TKey>, CancellationToken, Task<IReadOnlyDictionary<TKey, TRow>>> read)
    where TKey : notnull
    where TRow : class
{
    private const int MaxKeys = 100;

    private readonly Lock gate = new();
    private readonly Queue<Reader> waiting = new();
    private int underWay;

    /// <summary>The row of the key, or null when there is none.</summary>
    public Task<TRow?> FindAsync(TKey key, CancellationToken cancellationToken)
    {
        var reader = new Reader(key);
        lock (gate)
        {
            waiting.Enqueue(reader);
            if (underWay == Environment.ProcessorCount) return reader.Row.Task.WaitAsync(cancellationToken);
            underWay++;
        }

        // What one reader carries (its trace, its impatience) is not the others'.
        using (ExecutionContext.SuppressFlow()) _ = ReadAsync();
        return reader.Row.Task.WaitAsync(cancellationToken);
    }

    private async Task ReadAsync()
    {
        while (Take() is { Count: > 0 } batch)
        {
            try
            {
                var rows = await read([.. batch.Select(r => r.Key).Distinct()], CancellationToken.None);
                foreach (var reader in batch) reader.Row.SetResult(rows.GetValueOrDefault(reader.Key));
            }
            catch (Exception e)
            {
                foreach (var reader in batch) reader.Row.SetException(e);
            }
        }
    }

    private List<Reader> Take()
    {
        lock (gate)
        {
            var batch = new List<Reader>(Math.Min(waiting.Count, MaxKeys));
            while (batch.Count < MaxKeys && waiting.TryDequeue(out var reader)) batch.Add(reader);
            if (batch.Count == 0) underWay--;
            return batch;
        }
    }

    private sealed class Reader(TKey key)
    {
        public TKey Key => key;

        public TaskCompletionSource<TRow?> Row { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
