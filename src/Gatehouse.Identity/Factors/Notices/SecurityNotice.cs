using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;

namespace Gatehouse.Identity.Factors;

/// <summary>Tells the owner by mail or text message what was changed about signing in. What it was is the text
/// <c>page.notice.{what}</c>.</summary>
internal sealed class SecurityNotice(NotificationEncryptor encryptor, MessageCatalog texts)
{
    public const string Template = "security-notice";

    public void Request(Transaction tx, LockedUser user, SubjectKey key, string what, string device)
    {
        if (user.Row.OpenContact(key) is not { } address)
            return;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = user.Row.Name.Value,
            ["what"] = texts.Text("page.notice." + what, user.Row.Language),
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
