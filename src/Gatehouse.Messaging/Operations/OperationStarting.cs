using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Messaging;

/// <summary>How modules start operations and do their work.</summary>
public static class OperationStarting
{
    /// <summary>Starts an operation of the actor with this transaction.</summary>
    /// <param name="payload">What its job is given. It is stored until the work is done: nothing secret, contact data only
    /// encrypted.</param>
    /// <returns>Its id.</returns>
    public static Guid StartOperation<TJob>(this Transaction tx, Actor actor, string payload)
        where TJob : IOperationJob
    {
        var id = Guid.CreateVersion7(tx.Now);
        tx.Collect<StartedOperations>()
            .Items.Add(
                new Operation
                {
                    TenantId = actor.HomeTenantId ?? actor.Tenant.Id,
                    Id = id,
                    Actor = actor.RequiredId,
                    Kind = TJob.Kind,
                }
            );
        tx.Enqueue(TJob.Kind, id, payload);
        return id;
    }

    public static IServiceCollection AddOperation<TJob>(this IServiceCollection services)
        where TJob : class, IOperationJob
    {
        services.AddSingleton<TJob>();
        return services.AddSingleton(
            new JobKind(
                TJob.Kind,
                (provider, job, cancellationToken) =>
                    provider.GetRequiredService<OperationRunner>().RunAsync(provider.GetRequiredService<TJob>(), job, cancellationToken)
            )
            {
                OnGivingUp = (tx, job) => OperationStore.FinishAsync(tx, job, Operation.Failed, result: null, OperationErrors.GivenUp),
            }
        );
    }
}

internal sealed class StartedOperations
{
    public List<Operation> Items { get; } = [];
}

/// <summary>Says that the transaction changes operations.</summary>
internal sealed class ChangedOperations;

/// <summary>Writes the operations that a transaction starts, and tells who watches of all that it changes.</summary>
internal sealed class OperationWriter(WorkSignal wake) : ITransactionParticipant
{
    public Task BeforeCommitAsync(Transaction tx) =>
        tx.FindCollected<StartedOperations>() is { } started ? OperationStore.AddAsync(tx, started.Items) : Task.CompletedTask;

    public void AfterCommit(Transaction tx)
    {
        if (tx.FindCollected<ChangedOperations>() is not null)
            wake.OperationsChanged();
    }
}
