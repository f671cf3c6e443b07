using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Gatehouse.Identity.Factors;

/// <summary>A code that was sent.</summary>
public sealed record SentCodeView
{
    [Description("The masked phone number or e-mail address that the code was sent to.")]
    public required string MaskedTarget { get; init; }

    [Description("Seconds until another code can be requested; 0 if this was the last one.")]
    public required int ResendAfter { get; init; }

    [Description("When the code expires, in UTC.")]
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether there will be another one.</summary>
    [JsonIgnore]
    public bool CanResend { get; init; }
}
