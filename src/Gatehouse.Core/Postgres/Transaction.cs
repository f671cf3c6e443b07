using Npgsql;

namespace Gatehouse.Core.Postgres;

/// <summary>
/// A transaction on the main database. What is collected in it (events, jobs, records of the audit) exists exactly when it commits; each
/// has its own extension method, such as <c>tx.Publish(…)</c>.
/// </summary>
public sealed class Transaction(
    NpgsqlConnection connection,
    NpgsqlTransaction transaction,
    DateTimeOffset now,
    CancellationToken cancellationToken
) : DbSession(connection, transaction, cancellationToken)
{
    private readonly Dictionary<Type, object> collected = [];
    private readonly List<Action> afterCommit = [];

    /// <summary>The time of this transaction, from the time provider, in whole microseconds: what is stored reads back the same.</summary>
    public DateTimeOffset Now { get; } = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));

    /// <summary>What this transaction has collected of one kind, for the participant that writes it.</summary>
    public TPart Collect<TPart>()
        where TPart : class, new()
    {
        if (collected.TryGetValue(typeof(TPart), out var part))
            return (TPart)part;
        var made = new TPart();
        collected.Add(typeof(TPart), made);
        return made;
    }

    /// <summary>The same, or null when nothing was collected.</summary>
    public TPart? FindCollected<TPart>()
        where TPart : class => (TPart?)collected.GetValueOrDefault(typeof(TPart));

    /// <summary>Runs once the change stands, before the caller learns of it: for what this node keeps in memory. It must not
    /// fail.</summary>
    public void AfterCommit(Action action) => afterCommit.Add(action);

    internal void Committed()
    {
        foreach (var action in afterCommit)
            action();
    }

    /// <summary>Marks a point to return to when a part of the transaction fails.</summary>
    internal Task SaveAsync(string name) => Underlying!.SaveAsync(name, CancellationToken);

    internal async Task RollbackToAsync(string name)
    {
        await Underlying!.RollbackAsync(name, CancellationToken);
        collected.Clear();
        afterCommit.Clear();
    }
}
