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
    private readonly List<Func<Task>> afterCommit = [];
    private readonly Stack<Func<Task>> undo = [];

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
    public void AfterCommit(Action action) =>
        afterCommit.Add(() =>
        {
            action();
            return Task.CompletedTask;
        });

    /// <summary>The same, for what lies outside this node.</summary>
    public void AfterCommit(Func<Task> action) => afterCommit.Add(action);

    /// <summary>Takes back what was done outside the database, once it is certain that this change will not stand; what was done last is
    /// taken back first. When it is not known whether the commit came about, nothing is. It must not fail.</summary>
    public void OnRollback(Func<Task> action) => undo.Push(action);

    internal async Task RolledBackAsync()
    {
        while (undo.TryPop(out var action))
            await action();
    }

    internal async Task CommittedAsync()
    {
        foreach (var action in afterCommit)
            await action();
    }

    /// <summary>Marks a point to return to when a part of the transaction fails.</summary>
    internal Task SaveAsync(string name) => Underlying!.SaveAsync(name, CancellationToken);

    internal async Task RollbackToAsync(string name)
    {
        await Underlying!.RollbackAsync(name, CancellationToken);
        await RolledBackAsync();
        collected.Clear();
        afterCommit.Clear();
    }
}
