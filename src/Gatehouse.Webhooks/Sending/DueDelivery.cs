namespace Gatehouse.Webhooks.Sending;

/// <summary>A delivery that this node tries now.</summary>
internal sealed class DueDelivery
{
    public Guid TenantId { get; init; }

    public Guid Webhook { get; init; }

    public Guid Id { get; init; }

    public Guid EventId { get; init; }

    public string Body { get; init; } = "";

    public int Attempts { get; init; }

    public DateTimeOffset FirstAttemptAt { get; init; }

    public string Address { get; init; } = "";

    public byte[] Secret { get; init; } = [];

    public byte[]? PreviousSecret { get; init; }

    public DateTimeOffset? PreviousSecretUntil { get; init; }
}

/// <summary>A delivery that was tried.</summary>
internal sealed record Tried(DueDelivery Due, PostResult Result);
