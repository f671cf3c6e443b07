using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Factors;

/// <summary>A code that is sent as second factor, for a challenge or to confirm the factor. It has no link and no own page.</summary>
internal sealed class SentCodeVerification : VerificationPurpose
{
    public override string Name => "second-factor";

    public override int CodeDigits => 6;

    public override TimeSpan CodeLifetime => TimeSpan.FromMinutes(10);

    public override int Attempts => 5;

    public override int MaxSends => 5;

    // Long enough for all messages and the waits between them; a challenge ends before.
    public override TimeSpan Lifetime => TimeSpan.FromMinutes(30);

    public override Error NotFound => FactorsErrors.NotFound;

    public override Error Completed => FactorsErrors.AlreadyAdded;
}

/// <summary>What such a verification keeps beside its user: nothing.</summary>
internal sealed record SentCodePayload;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SentCodePayload))]
internal sealed partial class SentCodePayloadJson : JsonSerializerContext;
