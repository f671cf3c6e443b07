using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Verification;

/// <summary>A verification as stored.</summary>
internal sealed class PendingVerification
{
    public Guid TenantId { get; init; }

    public Guid Id { get; init; }

    /// <summary>The name of its <see cref="VerificationPurpose"/>.</summary>
    public string Purpose { get; init; } = "";

    /// <summary><c>email</c> or <c>phone</c>.</summary>
    public string Channel { get; init; } = "email";

    public short? IndexVersion { get; init; }

    /// <summary>The address as a blind index; null where the purpose does not count messages by it.</summary>
    public BlindIndexEntry? TargetIndex { get; init; }

    /// <summary>Whom it is about; null where nobody is known.</summary>
    public Guid? UserId { get; init; }

    /// <summary>JSON of the purpose's own; empty when it is completed.</summary>
    public string Payload { get; init; } = "{}";

    public Hash<OneTimeCode> CodeHash { get; init; } = Hash<OneTimeCode>.OfNothing();

    public DateTimeOffset CodeExpiresAt { get; init; }

    public short AttemptsRemaining { get; init; }

    public Hash<LinkToken> LinkHash { get; init; } = Hash<LinkToken>.OfNothing();

    public short Sends { get; init; }

    public DateTimeOffset ResendAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public TPayload Read<TPayload>(JsonTypeInfo<TPayload> type) => JsonSerializer.Deserialize(Payload, type)!;
}
