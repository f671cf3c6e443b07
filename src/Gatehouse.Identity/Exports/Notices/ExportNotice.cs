using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;

namespace Gatehouse.Identity.Exports;

/// <summary>Tells the owner that everything held about them can be downloaded, or was.</summary>
internal sealed class ExportNotice(NotificationEncryptor encryptor, MessageCatalog texts)
{
    public const string Template = "data-export";

    public void Request(Transaction tx, LockedUser user, SubjectKey key, bool isDownloaded, string device)
    {
        if (user.Row.OpenContact(key) is not { } address)
            return;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = user.Row.Name.Value,
            ["what"] = texts.Text(isDownloaded ? "page.export.notice-downloaded" : "page.export.notice-made", user.Row.Language),
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
                Personal = encryptor.Seal(key, user.Row.TenantId, address, values),
            }
        );
    }
}
