using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;

namespace Gatehouse.Identity.Recovery;

/// <summary>Tells the owner by mail or text message that the password is another one now.</summary>
internal sealed class PasswordChangedNotice(NotificationEncryptor seal, MessageCatalog texts)
{
    public const string Template = "password-changed";

    public void Request(Transaction tx, LockedUser user, SubjectKey key, string device)
    {
        if (user.Row.OpenContact(key) is not { } address)
            return;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = user.Row.Name.Value,
            ["device"] = ClientDevice.Describe(device, user.Row.Language, texts),
            ["at"] = tx.Now.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        };
        user.Publish(
            tx,
            new NotificationRequestedV1
            {
                NotificationId = Guid.CreateVersion7(tx.Now),
                Channel = address.Channel,
                Template = Template,
                Language = user.Row.Language,
                Personal = seal.Seal(key, user.Row.TenantId, address, values),
            }
        );
    }
}
