using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;

namespace Gatehouse.Identity.Authenticators;

/// <summary>Tells the owner by mail or text message what happened to a passkey.</summary>
internal sealed class PasskeyNotice(NotificationEncryptor seal, MessageCatalog texts)
{
    public const string Added = "passkey-added";

    /// <summary>Its counter went back, so it did not sign in.</summary>
    public const string Copied = "passkey-copied";

    /// <param name="device">On which it happened.</param>
    public void Request(Transaction tx, LockedUser user, SubjectKey key, PasskeyName passkey, string template, string device)
    {
        if (user.Row.OpenContact(key) is not { } address)
            return;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = user.Row.Name.Value,
            ["passkey"] = passkey.Value,
            ["device"] = ClientDevice.Describe(device, user.Row.Language, texts),
            ["at"] = tx.Now.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        };
        user.Publish(
            tx,
            new NotificationRequestedV1
            {
                NotificationId = Guid.CreateVersion7(tx.Now),
                Channel = address.Channel,
                Template = template,
                Language = user.Row.Language,
                Personal = seal.Seal(key, user.Row.TenantId, address, values),
            }
        );
    }
}
