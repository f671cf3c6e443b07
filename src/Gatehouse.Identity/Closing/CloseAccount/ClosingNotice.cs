using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Closing;

/// <summary>Tells the owner that the account is closed, and until when it can be opened again.</summary>
internal sealed class ClosingNotice(NotificationEncryptor encryptor)
{
    public const string Template = "account-closed";

    public void Request(Transaction tx, LockedUser user, SubjectKey key, DateTimeOffset eraseAt)
    {
        if (user.Row.OpenContact(key) is not { } address)
            return;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = user.Row.Name.Value,
            ["until"] = eraseAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        };
        user.Publish(
            tx,
            new NotificationRequestedV1
            {
                NotificationId = Guid.CreateVersion7(tx.Now),
                Channel = address.Channel,
                Template = Template,
                Language = user.Row.Language,
                Personal = encryptor.Seal(key, user.Row.TenantId, address, values),
            }
        );
    }
}
