using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.Encryption;
using Gatehouse.Identity.Values;

namespace Gatehouse.Identity.Data;

/// <summary>
/// Seals where a message goes and what it says. The blind index of the address goes along: whoever sends must know an address again that
/// takes no mail, may not keep it in clear, and does not hold the key of the index.
/// </summary>
internal sealed class NotificationEncryptor(BlindIndex blindIndex)
{
    public Encrypted<NotificationPersonalV1> Seal(
        SubjectKey key,
        Guid tenantId,
        IContact address,
        IReadOnlyDictionary<string, string> values
    ) =>
        key.Seal(
            new NotificationPersonalV1(address.Delivery, values)
            {
                AddressIndex = Convert.ToBase64String(blindIndex.Compute(tenantId, address.Kind, address.Canonical).ToStored()),
            }
        );
}
