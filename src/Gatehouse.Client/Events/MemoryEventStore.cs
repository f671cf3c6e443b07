using Gatehouse.Contracts.Events;

namespace Gatehouse.Client;

/// <summary>The store of tests and of services that copy nothing.</summary>
internal sealed class MemoryEventStore(GatehouseEventsBuilder options, TimeProvider clock) : IEventStore, IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly HashSet<Guid> handled = [];
    private readonly List<Deferred> deferred = [];
    private string? cursor;

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> FindCursorAsync(CancellationToken cancellationToken) => Task.FromResult(cursor);

    public Task SaveCursorAsync(string cursor, CancellationToken cancellationToken)
    {
        this.cursor = cursor;
        return Task.CompletedTask;
    }

    public async Task<Exception?> HandleOnceAsync(EventEnvelope envelope, HandleEvent handle, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (handled.Contains(envelope.Id))
                return null;
            if (options.KeepOrderOfSubject && deferred.Exists(d => d.Envelope.Key == envelope.Key))
            {
                deferred.Add(new Deferred(envelope, clock.GetUtcNow()));
                handled.Add(envelope.Id);
                return null;
            }

            var failure = await TryAsync(envelope, handle, cancellationToken);
            if (failure is not null)
                deferred.Add(new Deferred(envelope, clock.GetUtcNow() + Retrying.PauseAfter(1)) { Attempts = 1 });
            handled.Add(envelope.Id);
            return failure;
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task<Retried?> RetryAsync(HandleEvent handle, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var now = clock.GetUtcNow();
            var due = deferred.Find(d => d.NextAt <= now && (!options.KeepOrderOfSubject || IsFirst(d)));
            if (due is null)
                return null;
            var failure = await TryAsync(due.Envelope, handle, cancellationToken);
            if (failure is null)
                deferred.Remove(due);
            else
                due.NextAt = now + Retrying.PauseAfter(++due.Attempts);
            return new Retried(due.Envelope, failure);
        }
        finally
        {
            gate.Release();
        }
    }

    public Task CleanAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => gate.Dispose();

    private bool IsFirst(Deferred one) => deferred.Find(d => d.Envelope.Key == one.Envelope.Key) == one;

    private static async Task<Exception?> TryAsync(EventEnvelope envelope, HandleEvent handle, CancellationToken cancellationToken)
    {
        try
        {
            await handle(envelope, transaction: null);
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return e;
        }
    }

    private sealed class Deferred(EventEnvelope envelope, DateTimeOffset nextAt)
    {
        public EventEnvelope Envelope { get; } = envelope;

        public DateTimeOffset NextAt { get; set; } = nextAt;

        public int Attempts { get; set; }
    }
}
