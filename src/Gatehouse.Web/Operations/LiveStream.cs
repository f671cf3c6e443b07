using Gatehouse.Messaging;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Operations;

/// <summary>What a stream is to tell next.</summary>
/// <param name="Operations">None for a sign of life.</param>
/// <param name="Mark">From which on it can be read again; 0 for none.</param>
internal sealed record LiveBatch(IReadOnlyList<Operation> Operations, long Mark);

/// <summary>
/// An open stream. Of each operation it holds the newest state only, until the client takes it: one that does not read costs no memory, and
/// is cut off after a while.
/// </summary>
internal sealed class LiveStream(LiveStreams streams, HttpContext http, OperationOwner owner, Guid? operation, TimeProvider clock)
    : IDisposable
{
    // More than anybody watches: who comes again reads the present state.
    private const int MaxPending = OperationList.MaxRead;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private Dictionary<Guid, Operation>? pending;
    private long mark;
    private bool isEnded;
    private bool wantsBeat;
    private bool isClosed;

    // What is there at the beginning is written first.
    private bool isWriting = true;
    private long lastTaken = clock.GetTimestamp();

    public OperationOwner Owner => owner;

    public required string Token { get; init; }

    public void Add(Operation changed, long upTo = 0)
    {
        lock (gate)
        {
            if (isEnded || (operation is { } one && one != changed.Id))
                return;
            pending ??= [];
            if (!pending.TryGetValue(changed.Id, out var held) || held.Version < changed.Version)
                pending[changed.Id] = changed;
            mark = Math.Max(mark, upTo);
            isEnded = pending.Count > MaxPending;
            Notify();
        }
    }

    /// <summary>Lets it end after what it has to tell.</summary>
    public void End()
    {
        lock (gate)
        {
            isEnded = true;
            pending = null;
            Notify();
        }
    }

    /// <summary>Asks for a sign of life if nothing was written since then; cuts the connection off if it takes nothing.</summary>
    public void Look(TimeSpan beat, TimeSpan maxWrite)
    {
        lock (gate)
        {
            var silence = clock.GetElapsedTime(lastTaken);
            if (isClosed || isEnded && !isWriting)
                return;
            if (isWriting && silence > maxWrite)
            {
                http.Abort();
            }
            else if (!isWriting && silence > beat)
            {
                wantsBeat = true;
                Notify();
            }
        }
    }

    /// <summary>Waits for something to tell; null at the end.</summary>
    public async ValueTask<LiveBatch?> NextAsync(CancellationToken gone)
    {
        while (true)
        {
            lock (gate)
            {
                isWriting = false;
                if (pending is null && isEnded)
                    return null;
                if (pending is not null || wantsBeat)
                {
                    var batch = new LiveBatch(pending is null ? [] : [.. pending.Values.OrderBy(o => o.Id)], mark);
                    pending = null;
                    wantsBeat = false;
                    isWriting = true;
                    lastTaken = clock.GetTimestamp();
                    return batch;
                }
            }

            await wake.WaitAsync(gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (gone.IsCancellationRequested)
                return null;
        }
    }

    public void Dispose()
    {
        streams.Close(this);
        lock (gate)
        {
            isEnded = isClosed = true;
            pending = null;
            wake.Dispose();
        }
    }

    private void Notify()
    {
        if (!isClosed && wake.CurrentCount == 0)
            wake.Release();
    }
}
