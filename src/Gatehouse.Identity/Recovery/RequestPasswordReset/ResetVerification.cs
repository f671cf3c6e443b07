using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Recovery;

/// <summary>The code and link of a password reset. Where the identifier has no account, the hashes match nothing; all else is the
/// same.</summary>
internal sealed class ResetVerification(ResetOptions options) : VerificationPurpose
{
    public override string Name => "password-reset";

    public override int CodeDigits => options.CodeDigits;

    public override TimeSpan CodeLifetime => TimeSpan.FromMinutes(options.CodeMinutes);

    public override int Attempts => options.CodeAttempts;

    public override int MaxSends => options.SendsPerReset;

    public override TimeSpan Lifetime => TimeSpan.FromMinutes(options.LinkMinutes);

    public override bool MessagesProlong => true;

    public override Error NotFound => RecoveryErrors.ResetNotFound;

    public override Error Completed => RecoveryErrors.ResetCompleted;
}

/// <summary>What a reset keeps until its message is made.</summary>
/// <param name="Kind">The kind of the identifier.</param>
/// <param name="Identifier">As it was typed, encrypted.</param>
/// <param name="Network">Where it was asked for (<see cref="NetworkIndex"/>); null in resets of before that was kept.</param>
/// <param name="Device">The device token that came with the request, encrypted.</param>
internal sealed record ResetPayload(
    string Kind,
    byte[] Identifier,
    [property: JsonConverter(typeof(StoredBytes<BlindIndexEntry>))] BlindIndexEntry? Network,
    byte[]? Device
)
{
    private const string IdentifierContext = "password_resets.identifier";
    private const string DeviceContext = "password_resets.device";

    public static ResetPayload Of(SubjectKey key, Identifier identifier, BlindIndex blindIndex, Actor actor) =>
        new(
            identifier.Kind,
            key.Seal(IdentifierContext, identifier.Key),
            blindIndex.OfNetwork(actor),
            actor.DeviceToken is { } device ? key.Seal(DeviceContext, device) : null
        );

    public Identifier OpenIdentifier(SubjectKey key) => Data.Identifier.Of(Kind, key.Open(IdentifierContext, Identifier));

    /// <summary>The device token as it was: whether it is worth anything only the account can say.</summary>
    public string? OpenDevice(SubjectKey key) => Device is null ? null : key.Open(DeviceContext, Device);

    public override string ToString() => "[reset]";
}

// Left out when null: the generated writer would write a null array as an empty one.
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResetPayload))]
internal sealed partial class ResetPayloadJson : JsonSerializerContext;
