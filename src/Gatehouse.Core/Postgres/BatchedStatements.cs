namespace Gatehouse.Core.Postgres;

/// <summary>
/// Answers many who ask for a row each, read or written, with few statements. Whoever asks while as many statements as cores are on their
/// way waits for one of them to end and then shares the next one with all who wait; under light load everybody's statement leaves at once.
/// What is read was always current after it was asked for: nothing is kept. What is written may be written although the one who asked did
/// not wait for the answer.
/// </summary>
/// <param name="run">Reads or writes the rows of several keys, in one statement; keys without a row are left out.</param>
public sealed class BatchedStatements<TKey, TRow>(Func<IReadOnlyList<TKey>, CancellationToken, Task<IReadOnlyDictionary<TKey, TRow>>> run)
    where TKey : notnull
    where TRow : class
{
    private const int MaxKeys = 100;

    private readonly Lock gate = new();
    private readonly Queue<Asker> waiting = new();
    private int underWay;

    /// <summary>The row of the key, or null when there is none.</summary>
    public Task<TRow?> FindAsync(TKey key, CancellationToken cancellationToken)
    {
        var asker = new Asker(key);
        lock (gate)
        {
            waiting.Enqueue(asker);
            if (underWay == Environment.ProcessorCount)
                return asker.Row.Task.WaitAsync(cancellationToken);
            underWay++;
        }

        // What one of them carries (its trace, its impatience) is not the others'.
        using (ExecutionContext.SuppressFlow())
            _ = RunAsync();
        return asker.Row.Task.WaitAsync(cancellationToken);
    }

    private async Task RunAsync()
    {
        while (Take() is { Count: > 0 } batch)
        {
            try
            {
                var rows = await run([.. batch.Select(a => a.Key).Distinct()], CancellationToken.None);
                foreach (var asker in batch)
                    asker.Row.SetResult(rows.GetValueOrDefault(asker.Key));
            }
            catch (Exception e)
            {
                foreach (var asker in batch)
                    asker.Row.SetException(e);
            }
        }
    }

    private List<Asker> Take()
    {
        lock (gate)
        {
            var batch = new List<Asker>(Math.Min(waiting.Count, MaxKeys));
            while (batch.Count < MaxKeys && waiting.TryDequeue(out var asker))
                batch.Add(asker);
            if (batch.Count == 0)
                underWay--;
            return batch;
        }
    }

    private sealed class Asker(TKey key)
    {
        public TKey Key => key;

        public TaskCompletionSource<TRow?> Row { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
