using Gatehouse.Core.Results;

namespace Gatehouse.Messaging;

/// <summary>Long-running work as it stands.</summary>
public sealed class Operation
{
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    public const string Canceled = "canceled";

    /// <summary>Where its actor is at home.</summary>
    public Guid TenantId { get; init; }

    public Guid Id { get; init; }

    /// <summary>The user or service account whose it is.</summary>
    public Guid Actor { get; init; }

    public string Kind { get; init; } = "";

    public string State { get; init; } = "";

    /// <summary>Whether it ends at its next step.</summary>
    public bool CancelRequested { get; init; }

    public long Done { get; init; }

    /// <summary>Null while nobody knows.</summary>
    public long? Total { get; init; }

    /// <summary>A JSON object; null for none.</summary>
    public string? Result { get; init; }

    /// <summary>See <see cref="ReadError"/>.</summary>
    public string? Error { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Counts its changes.</summary>
    public long Version { get; init; }

    public bool IsFinished => FinishedAt is not null;

    /// <summary>Why it failed; null where it did not.</summary>
    public Error? ReadError() => Error is null ? null : StoredError.Read(Error);
}

public static class OperationErrors
{
    /// <summary>The last attempt failed, for a reason that operators see.</summary>
    public static readonly Error GivenUp = new("operations.given-up", ErrorKind.Unavailable);
}
