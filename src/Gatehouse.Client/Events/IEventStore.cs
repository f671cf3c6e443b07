using Gatehouse.Contracts.Events;
using Npgsql;

namespace Gatehouse.Client;

/// <summary>Keeps which events were handled, which are to be tried again, and up to where they were read.</summary>
internal interface IEventStore
{
    Task PrepareAsync(CancellationToken cancellationToken);

    Task<string?> FindCursorAsync(CancellationToken cancellationToken);

    Task SaveCursorAsync(string cursor, CancellationToken cancellationToken);

    /// <summary>Handles an event that was not handled before. If that fails it is kept to be tried again; then, too, it is taken.</summary>
    /// <returns>What the handler failed with.</returns>
    Task<Exception?> HandleOnceAsync(EventEnvelope envelope, HandleEvent handle, CancellationToken cancellationToken);

    /// <summary>Tries one event again that is due; null when there is none.</summary>
    Task<Retried?> RetryAsync(HandleEvent handle, CancellationToken cancellationToken);

    /// <summary>Forgets what was handled so long ago that it cannot come again.</summary>
    Task CleanAsync(CancellationToken cancellationToken);
}

internal delegate Task HandleEvent(EventEnvelope envelope, NpgsqlTransaction? transaction);

/// <summary>An event that was tried again.</summary>
internal sealed record Retried(EventEnvelope Envelope, Exception? Failure);

/// <summary>How long a failed event waits.</summary>
internal static class Retrying
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);

    public static TimeSpan PauseAfter(int attempts) => BackOff.After(attempts, FirstPause, MaxPause);
}
