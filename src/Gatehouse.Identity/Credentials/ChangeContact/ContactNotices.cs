using System.Globalization;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;

namespace Gatehouse.Identity.Credentials;

/// <summary>Tells the owner, where they were reached before, that another address or number is in force.</summary>
internal sealed class ContactNotices(AccountNotice notice, HttpOptions http)
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
        if (((IContact?)former ?? user.Row.OpenContact(key, Users.PhoneKind)) is { } address)
            notice.RequestTo(
                address,
                tx,
                user,
                key,
                EmailTemplate,
                [
                    .. Values(tx, user, email, actor),
                    ("undo", undo is null ? "" : $"{http.LinkBase(actor.Tenant)}{EmailUndoPages.Link}?token={undo.Reveal()}"),
                    ("days", ChangeRules.UndoWindow.Days.ToString(CultureInfo.InvariantCulture)),
                ]
            );
    }

    /// <param name="phone">Null where it was removed.</param>
    public void PhoneChanged(Transaction tx, LockedUser user, SubjectKey key, PhoneNumber? phone, Actor actor)
    {
        if (user.Row.OpenContact(key) is { } address)
            notice.RequestTo(address, tx, user, key, PhoneTemplate, Values(tx, user, phone, actor));
    }

    private IEnumerable<(string Name, string Value)> Values(Transaction tx, LockedUser user, IContact? contact, Actor actor) =>
        [AccountNotice.Name(user), ("new", contact?.Masked ?? ""), notice.Device(user, actor.Device), AccountNotice.At(tx.Now)];
}
