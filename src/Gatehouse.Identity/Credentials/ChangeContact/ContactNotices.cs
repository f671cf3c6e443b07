using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;

namespace Gatehouse.Identity.Credentials;

/// <summary>Tells the owner, where they were reached before, that another address or number is in force.</summary>
internal sealed class ContactNotices(NotificationEncryptor seal, HttpOptions http, MessageCatalog texts)
{
    public const string EmailTemplate = "email-changed";
    public const string PhoneTemplate = "phone-changed";

    /// <param name="former">The verified address that was in force; null where the account had none: then the number is told.</param>
    /// <param name="undo">What the link to go back carries; null without a former address.</param>
    public void EmailChanged(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        EmailAddress email,
        EmailAddress? former,
        LinkToken? undo,
        Actor actor
    )
    {
        if (((IContact?)former ?? user.Row.OpenContact(key, Users.PhoneKind)) is not { } address)
            return;
        var values = Values(tx, user, email, actor);
        values["undo"] = undo is null ? "" : $"{http.LinkBase(actor.Tenant)}{EmailUndoPages.Link}?token={undo.Reveal()}";
        values["days"] = ChangeRules.UndoWindow.Days.ToString(CultureInfo.InvariantCulture);
        Request(tx, user, key, address, EmailTemplate, values);
    }

    /// <param name="phone">Null where it was removed.</param>
    public void PhoneChanged(Transaction tx, LockedUser user, SubjectKey key, PhoneNumber? phone, Actor actor)
    {
        if (user.Row.OpenContact(key) is { } address)
            Request(tx, user, key, address, PhoneTemplate, Values(tx, user, phone, actor));
    }

    private Dictionary<string, string> Values(Transaction tx, LockedUser user, IContact? contact, Actor actor) =>
        new(StringComparer.Ordinal)
        {
            ["name"] = user.Row.Name.Value,
            ["new"] = contact?.Masked ?? "",
            ["device"] = ClientDevice.Describe(actor.Device, user.Row.Language, texts),
            ["at"] = tx.Now.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        };

    private void Request(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        IContact address,
        string template,
        Dictionary<string, string> values
    ) =>
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
