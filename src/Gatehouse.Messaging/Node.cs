namespace Gatehouse.Messaging;

/// <summary>This process, as it leases partitions and jobs: a new identity at every start.</summary>
public sealed class Node(TimeProvider clock)
{
    public Guid Id { get; } = Guid.CreateVersion7(clock.GetUtcNow());
}
