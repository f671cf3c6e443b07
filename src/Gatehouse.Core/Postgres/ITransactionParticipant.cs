namespace Gatehouse.Core.Postgres;

/// <summary>
/// Takes part in every transaction on the main database: what was collected during it (<see cref="Transaction.Collect{TPart}"/>) is written
/// before it commits, and acted on once it stands. Participants act in the order of their registration.
/// </summary>
public interface ITransactionParticipant
{
    /// <summary>Writes what was collected. An exception rolls the transaction back.</summary>
    Task BeforeCommitAsync(Transaction tx);

    /// <summary>Runs once the change stands. It must not fail.</summary>
    void AfterCommit(Transaction tx) { }
}
