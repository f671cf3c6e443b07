using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.SignIn;

/// <summary>The link by which the owner says that a sign-in was not theirs. It has no code, and is sent once.</summary>
internal sealed class NewDeviceVerification : VerificationPurpose
{
    public override string Name => "new-device";

    public override int CodeDigits => 8;

    public override TimeSpan CodeLifetime => TimeSpan.FromMinutes(10);

    public override int Attempts => 1;

    public override int MaxSends => 1;

    public override TimeSpan Lifetime => TimeSpan.FromDays(7);

    public override Error NotFound => VerificationErrors.LinkInvalid;

    public override Error Completed => VerificationErrors.Completed;
}

/// <summary>What such a verification keeps beside its user.</summary>
/// <param name="Session">That began with the sign-in.</param>
/// <param name="Began">When; null in those of before that was kept.</param>
/// <param name="Address">Where the notice went; null in those of before that was kept.</param>
internal sealed record NewDevicePayload(
    Guid Session,
    DateTimeOffset? Began,
    [property: JsonConverter(typeof(StoredBytes<BlindIndexEntry>))] BlindIndexEntry? Address
);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NewDevicePayload))]
internal sealed partial class NewDevicePayloadJson : JsonSerializerContext;
