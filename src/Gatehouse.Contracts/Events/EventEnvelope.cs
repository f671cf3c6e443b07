namespace Gatehouse.Contracts.Events;

/// <summary>
/// An event with its CloudEvents 1.0 attributes. On Kafka the attributes travel as <c>ce_*</c> headers (binary mode) and
/// <see cref="Data"/> is the record's value.
/// </summary>
public sealed record EventEnvelope
{
    /// <summary>The CloudEvents version every envelope follows.</summary>
    public const string SpecVersion = "1.0";

    /// <summary>CloudEvents <c>source</c>: the program that the event comes from.</summary>
    public const string Source = "urn:gatehouse";

    /// <summary>CloudEvents <c>datacontenttype</c>.</summary>
    public const string ContentType = "application/json";

    /// <summary>CloudEvents <c>id</c>: unique for ever; a consumer that has seen it ignores it.</summary>
    public required Guid Id { get; init; }

    /// <summary>CloudEvents <c>type</c>: the name with version.</summary>
    public required string Type { get; init; }

    /// <summary>The topic of the event.</summary>
    public required string Topic { get; init; }

    /// <summary>CloudEvents extension <c>tenantid</c>.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>CloudEvents <c>subject</c> and the key of order: events of one key are delivered in the order they were written.</summary>
    public required Guid Key { get; init; }

    /// <summary>
    /// CloudEvents extension <c>subjectversion</c>: counts the events of this user from 1, written under the row lock; null if the key
    /// is not a user.
    /// </summary>
    public long? SubjectVersion { get; init; }

    /// <summary>CloudEvents <c>time</c>: when the change was made, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>CloudEvents extension <c>traceparent</c> (W3C trace context) of the request that made the change; null when it was not
    /// traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The event itself as JSON. Personal data is only in its encrypted <c>personal</c> member.</summary>
    public required string Data { get; init; }
}
