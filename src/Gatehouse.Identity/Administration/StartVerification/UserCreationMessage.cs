using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;

namespace Gatehouse.Identity.Administration;

/// <summary>A new code for the creation of a user, and the message that carries it.</summary>
internal sealed class UserCreationMessage(Verifications verifications, UserCreationVerification purpose, NotificationEncryptor encryptor)
{
    public const string Template = "user-creation-code";

    /// <returns>What is to be stored of the code.</returns>
    public IssuedHashes Send(Transaction tx, Actor actor, SubjectKey key, IContact contact, string language)
    {
        var issued = verifications.Make(purpose, key.Subject);
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["code"] = issued.Code.Reveal(),
            ["minutes"] = purpose.CodeLifetime.TotalMinutes.ToString(CultureInfo.InvariantCulture),
        };
        tx.Publish(
            actor.Tenant.Id,
            key.Subject,
            new NotificationRequestedV1
            {
                NotificationId = Guid.CreateVersion7(tx.Now),
                Channel = contact.Channel,
                Template = Template,
                Language = language,
                ExpiresAt = tx.Now + purpose.CodeLifetime,
                Personal = encryptor.Seal(key, actor.Tenant.Id, contact, values),
            }
        );
        return issued.Hashes.WithoutLink();
    }
}
