using System.ComponentModel;
using Gatehouse.Identity.Values;

namespace Gatehouse.Identity.Data;

/// <summary>A new address or number that waits for its proof.</summary>
/// <param name="Until">When it waits no longer.</param>
internal sealed record PendingContact(Guid Verification, IContact Contact, DateTimeOffset Until);

/// <summary>The same as its owner sees it.</summary>
public sealed record PendingView
{
    public required Guid VerificationId { get; init; }

    [Description("The masked e-mail address or phone number.")]
    public required string MaskedTarget { get; init; }

    [Description("When the change is given up unless it is confirmed, in UTC.")]
    public required DateTimeOffset ExpiresAt { get; init; }

    internal static PendingView? Of(PendingContact? pending) =>
        pending is null
            ? null
            : new PendingView
            {
                VerificationId = pending.Verification,
                MaskedTarget = pending.Contact.Masked,
                ExpiresAt = pending.Until,
            };
}
