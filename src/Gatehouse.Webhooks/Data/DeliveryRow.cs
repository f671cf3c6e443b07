using Gatehouse.Core.Postgres;

namespace Gatehouse.Webhooks.Data;

/// <summary>A delivery as it is stored, without its event.</summary>
internal sealed class DeliveryRow
{
    public const string Pending = "pending";
    public const string Delivered = "delivered";
    public const string Failed = "failed";

    public const string Columns =
        "id, event_id, event_type, state, attempts, last_attempt_at, next_attempt_at, status, duration_ms, error, created_at";

    public static readonly string[] States = [Pending, Delivered, Failed];

    public Guid Id { get; init; }

    public Guid EventId { get; init; }

    public string EventType { get; init; } = "";

    public string State { get; init; } = "";

    public int Attempts { get; init; }

    public DateTimeOffset? LastAttemptAt { get; init; }

    public DateTimeOffset NextAttemptAt { get; init; }

    public int? Status { get; init; }

    public int? DurationMs { get; init; }

    public string? Error { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>One that neither waits for others nor holds them back: its key is its own.</summary>
    public static Task<DeliveryRow> InsertAloneAsync(Transaction tx, Guid tenant, Guid webhook, SentEvent sent)
    {
        var id = Guid.CreateVersion7(tx.Now);
        return tx.SingleAsync<DeliveryRow>(
            $"""
            insert into webhooks.deliveries (tenant_id, webhook, id, event_id, event_type, key, body, state, next_attempt_at, created_at)
            values (@tenant, @webhook, @id, @eventId, @Type, @id, @Body, 'pending', @Now, @Now)
            returning {Columns}
            """,
            new
            {
                tenant,
                webhook,
                id,
                eventId = sent.Id,
                sent.Type,
                sent.Body,
                tx.Now,
            }
        );
    }
}

/// <summary>What is posted.</summary>
internal sealed class SentEvent
{
    public required Guid Id { get; init; }

    public required string Type { get; init; }

    /// <summary>A CloudEvent in JSON.</summary>
    public required string Body { get; init; }
}
