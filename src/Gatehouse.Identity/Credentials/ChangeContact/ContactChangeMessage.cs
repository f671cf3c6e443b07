using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;

namespace Gatehouse.Identity.Credentials;

/// <summary>
/// A new code and link for a change and the message that carries them. Somebody else whose address or number it is is told so instead;
/// beyond its quota the message goes nowhere. Then the stored hashes match nothing. All cases do the same work, and nothing that the user
/// wrote goes out.
/// </summary>
internal sealed class ContactChangeMessage(
    Verifications verifications,
    NotificationEncryptor encryptor,
    RegistrationOptions options,
    HttpOptions http
)
{
    public const string CodeTemplate = "contact-change-code";
    public const string KnownTemplate = "contact-known";

    /// <returns>What is to be stored of the code and the link.</returns>
    public IssuedHashes Send(Transaction tx, LockedUser user, SubjectKey key, Guid verification, Target target, Actor actor)
    {
        var (purpose, contact) = (target.Purpose, target.Contact);
        var issued = verifications.Make(purpose, verification);
        // A text message has a code only.
        var hasLink = contact is EmailAddress;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["code"] = issued.Code.Reveal(),
            ["minutes"] = options.CodeMinutes.ToString(CultureInfo.InvariantCulture),
        };
        if (hasLink)
        {
            values["link"] = $"{http.LinkBase(actor.Tenant)}{EmailChangePages.Link}?token={issued.Link.Reveal()}";
            values["hours"] = options.LifetimeHours.ToString(CultureInfo.InvariantCulture);
        }

        var isVerifiable = target is { IsSent: true, IsKnown: false };
        if (!isVerifiable)
            values.Clear();
        user.Publish(
            tx,
            new NotificationRequestedV1
            {
                NotificationId = Guid.CreateVersion7(tx.Now),
                Channel = target.IsSent ? contact.Channel : NotificationRequestedV1.Nowhere,
                Template = target.IsKnown ? KnownTemplate : CodeTemplate,
                Language = user.Row.Language,
                ExpiresAt = tx.Now + purpose.CodeLifetime,
                Personal = encryptor.Seal(key, user.Row.TenantId, contact, values),
            }
        );
        return !isVerifiable ? IssuedHashes.None
            : hasLink ? issued.Hashes
            : issued.Hashes.WithoutLink();
    }

    /// <summary>Who gets the message.</summary>
    /// <param name="IsKnown">Whether it is somebody else's address or number.</param>
    /// <param name="IsSent">Whether its quota lets the message out.</param>
    internal sealed record Target(ContactChangeVerification Purpose, IContact Contact, bool IsKnown, bool IsSent);
}
