using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;

namespace Gatehouse.Identity.Sessions;

/// <summary>Tells the owner by mail or text message that a session was ended because two parties held its tokens.</summary>
internal sealed class RevokedNotice(SubjectKeys subjectKeys, NotificationEncryptor seal, MessageCatalog texts)
{
    public const string Template = "session-revoked";

    public async Task RequestAsync(Transaction tx, LockedUser user, UserSession session, CancellationToken cancellationToken)
    {
        var key = await subjectKeys.FindAsync(user.Row.Id, cancellationToken);
        if (key is null || user.Row.OpenContact(key) is not { } address)
            return;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // A name is a free text: it goes to nobody but its owner.
            ["name"] = user.Row.EmailVerifiedAt is null ? "" : user.Row.Name.Value,
            ["device"] = ClientDevice.Describe(session.Device, user.Row.Language, texts),
            ["since"] = session.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
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
