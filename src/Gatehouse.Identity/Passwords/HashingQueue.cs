using Gatehouse.Core.Results;

namespace Gatehouse.Identity.Passwords;

/// <summary>
/// Lets at most <see cref="PasswordHashingOptions.MaxConcurrent"/> hashes run at once and shares the turns between clients: each client
/// waits in a line of its own, lines are served round robin, and when all lines together are full the longest loses its newest member.
/// One client with a thousand requests therefore delays another by a single hash.
/// <para>
/// Hashes run on threads of their own. On the thread pool, which starts with as many threads as cores, a steady load of them would put
/// every other request behind a hash; here the system's scheduler shares the cores.
/// </para>
/// </summary>
internal sealed class HashingQueue(PasswordHashingOptions options, TimeProvider time) : IDisposable
{
    // A plain object: Lock cannot wait for a pulse.
    private readonly object door = new();
    private readonly Dictionary<string, LinkedList<Job>> lines = new(StringComparer.Ordinal);
    private readonly LinkedList<string> turns = new();
    private int waiting;
    private int threads;
    private bool closed;

    public async Task<Outcome<T>> RunAsync<T>(string client, Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var job = new Job(client, () => Complete(result, work));
        Enter(job);
        try
        {
            if (!await job.Turn.Task.WaitAsync(options.MaxWait, time, cancellationToken))
                return Overloaded;
        }
        catch (TimeoutException)
        {
            // Its turn may have come in this very moment; then the result is about to be there.
            if (Withdraw(job) || !await job.Turn.Task)
                return Overloaded;
        }
        catch (OperationCanceledException)
        {
            Withdraw(job);
            throw;
        }

        return await result.Task.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        lock (door)
        {
            closed = true;
            while (turns.First is { } turn)
                TurnAway(lines[turn.Value].Last!.Value);
            Monitor.PulseAll(door);
        }
    }

    private Error Overloaded => PasswordsErrors.Overloaded.After(options.MaxWait);

    private void Enter(Job job)
    {
        lock (door)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            if (!lines.TryGetValue(job.Client, out var line))
            {
                lines[job.Client] = line = new LinkedList<Job>();
                turns.AddLast(job.Client);
            }

            line.AddLast(job);
            waiting++;
            if (waiting > options.MaxWaiting)
                TurnAway(lines.Values.MaxBy(l => l.Count)!.Last!.Value);
            if (threads < options.EffectiveMaxConcurrent)
            {
                threads++;
                new Thread(Serve) { IsBackground = true, Name = "password hashing" }.Start();
            }

            Monitor.Pulse(door);
        }
    }

    private bool Withdraw(Job job)
    {
        lock (door)
            return Remove(job);
    }

    private void TurnAway(Job job)
    {
        Remove(job);
        job.Turn.SetResult(false);
    }

    private bool Remove(Job job)
    {
        if (!lines.TryGetValue(job.Client, out var line) || !line.Remove(job))
            return false;
        waiting--;
        if (line.Count == 0)
        {
            lines.Remove(job.Client);
            turns.Remove(job.Client);
        }

        return true;
    }

    private void Serve()
    {
        while (TakeNext() is { } job)
            job.Work();
    }

    private Job? TakeNext()
    {
        lock (door)
        {
            while (turns.Count == 0 && !closed)
                Monitor.Wait(door);
            if (turns.First is not { } turn)
                return null;

            // To the end of the round first; Remove then drops the client if this was its last job.
            turns.RemoveFirst();
            turns.AddLast(turn);
            var job = lines[turn.Value].First!.Value;
            Remove(job);
            job.Turn.SetResult(true);
            return job;
        }
    }

    private static void Complete<T>(TaskCompletionSource<T> result, Func<T> work)
    {
        try
        {
            result.SetResult(work());
        }
        catch (Exception e)
        {
            result.SetException(e);
        }
    }

    private sealed class Job(string client, Action work)
    {
        public string Client => client;

        public Action Work => work;

        /// <summary>True when the work begins, false when it was turned away.</summary>
        public TaskCompletionSource<bool> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
