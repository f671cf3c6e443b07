using System.ComponentModel;
using Gatehouse.Webhooks.Data;

namespace Gatehouse.Webhooks.Deliveries;

/// <summary>A delivery as it is shown.</summary>
public sealed record DeliveryView
{
    public required Guid Id { get; init; }

    [Description("The id of the event, which is webhook-id: the same whenever it is sent.")]
    public required Guid EventId { get; init; }

    [Description("Such as user.registered.v1.")]
    public required string EventType { get; init; }

    [Description("pending, delivered, or failed: given up after the last attempt.")]
    public required string State { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset? LastAttemptAt { get; init; }

    [Description("When it is tried again, at the earliest; null once it is over.")]
    public required DateTimeOffset? NextAttemptAt { get; init; }

    [Description("What the receiver answered last; null for no answer.")]
    public required int? Status { get; init; }

    [Description("How long the last attempt took.")]
    public required int? DurationMilliseconds { get; init; }

    [Description(
        "What was wrong with the last attempt: status, redirect, gone, timeout, name-unknown, private-address, connection, tls, "
            + "protocol or internal; else null."
    )]
    public required string? Error { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal static DeliveryView Of(DeliveryRow row) =>
        new()
        {
            Id = row.Id,
            EventId = row.EventId,
            EventType = row.EventType,
            State = row.State,
            Attempts = row.Attempts,
            LastAttemptAt = row.LastAttemptAt,
            NextAttemptAt = row.State == DeliveryRow.Pending ? row.NextAttemptAt : null,
            Status = row.Status,
            DurationMilliseconds = row.DurationMs,
            Error = row.Error,
            CreatedAt = row.CreatedAt,
        };
}
