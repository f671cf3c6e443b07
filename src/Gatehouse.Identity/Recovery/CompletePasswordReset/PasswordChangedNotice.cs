using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Identity.Data;
using Gatehouse.Runtime.Data;
using Gatehouse.Runtime.Http;
using Gatehouse.Runtime.Keys;

namespace Gatehouse.Identity.Recovery;

/// <summary>Tells the owner by mail that the password is another one now.</summary>
internal static class PasswordChangedNotice
{
    public const string Template = "password-changed";

    public static void Request(Tx tx, LockedUser user, SubjectKey key, string device, MessageCatalog texts)
    {
        if (user.Row.OpenEmail(key) is not { } address) return;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = user.Row.Name,
            ["device"] = ClientDevice.Describe(device, user.Row.Language, texts),
            ["at"] = tx.Now.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        };
        user.Publish(tx, new NotificationRequestedV1
        {
            NotificationId = Guid.CreateVersion7(tx.Now),
            Channel = "email",
            Template = Template,
            Language = user.Row.Language,
            Personal = key.Seal(new NotificationPersonalV1(address, values)),
        });
    }
}
