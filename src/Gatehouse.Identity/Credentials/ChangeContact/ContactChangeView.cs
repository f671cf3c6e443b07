using System.ComponentModel;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Credentials;

/// <summary>A change that waits to be confirmed.</summary>
public sealed record ContactChangeView
{
    public required Guid VerificationId { get; init; }

    [Description("The masked e-mail address or phone number that the code was sent to.")]
    public required string MaskedTarget { get; init; }

    [Description("When the code expires, in UTC.")]
    public required DateTimeOffset ExpiresAt { get; init; }

    [Description("Seconds until another code can be requested; 0 if this was the last one.")]
    public required int ResendAfter { get; init; }

    internal static ContactChangeView Of(PendingVerification pending, IContact contact, VerificationPurpose purpose, DateTimeOffset now) =>
        new()
        {
            VerificationId = pending.Id,
            MaskedTarget = contact.Masked,
            ExpiresAt = pending.CodeExpiresAt,
            ResendAfter = purpose.ResendAfter(pending, now),
        };
}
