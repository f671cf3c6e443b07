using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Verification;

/// <summary>A verification as stored.</summary>
internal sealed record PendingVerification
{
    public Guid TenantId { get; init; }

    public Guid Id { get; init; }

    /// <summary>The name of its <see cref="VerificationPurpose"/>.</summary>
    public string Purpose { get; init; } = "";

    /// <summary><c>email</c> or <c>sms</c>: how the code was sent, where that is decided when it begins.</summary>
    public string Channel { get; init; } = "email";

    /// <summary>The kind of identifier that the channel reaches.</summary>
    [JsonIgnore]
    public string TargetKind => Channel == "email" ? Users.EmailKind : Users.PhoneKind;

    public short? IndexVersion { get; init; }

    /// <summary>The address as a blind index; null where the purpose does not count messages by it.</summary>
    [JsonConverter(typeof(StoredBytes<BlindIndexEntry>))]
    public BlindIndexEntry? TargetIndex { get; init; }

    /// <summary>Whom it is about; null where nobody is known.</summary>
    public Guid? UserId { get; init; }

    /// <summary>JSON of the purpose's own; empty when it is completed.</summary>
    public string Payload { get; init; } = "{}";

    [JsonConverter(typeof(StoredBytes<Hash<OneTimeCode>>))]
    public Hash<OneTimeCode> CodeHash { get; init; } = Hash<OneTimeCode>.OfNothing();

    public DateTimeOffset CodeExpiresAt { get; init; }

    public short AttemptsRemaining { get; init; }

    [JsonConverter(typeof(StoredBytes<Hash<LinkToken>>))]
    public Hash<LinkToken> LinkHash { get; init; } = Hash<LinkToken>.OfNothing();

    public short Sends { get; init; }

    public DateTimeOffset ResendAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether it is one of this purpose and its time is not over.</summary>
    public bool IsOpen(VerificationPurpose purpose, DateTimeOffset now) =>
        string.Equals(Purpose, purpose.Name, StringComparison.Ordinal) && ExpiresAt > now;

    /// <summary>
    /// Whether the password, address or number was changed after this was asked for, whichever way: what opens the account must not outlive
    /// that.
    /// </summary>
    public bool IsSupersededFor(StoredUser user) =>
        CreatedAt <= user.PasswordChangedAt || CreatedAt <= user.EmailChangedAt || CreatedAt <= user.PhoneChangedAt;

    public override string ToString() => $"[verification {Id}]";

    public TPayload Read<TPayload>(JsonTypeInfo<TPayload> type) => JsonSerializer.Deserialize(Payload, type)!;
}

// Names are stored: those of a released version stay readable as long as a verification lives.
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PendingVerification))]
internal sealed partial class PendingVerificationJson : JsonSerializerContext;
