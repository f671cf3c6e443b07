using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;

namespace Gatehouse.Identity.Sessions;

/// <summary>Tells the owner by mail or text message that a session was ended because two parties held its tokens.</summary>
internal sealed class RevokedNotice(SubjectKeys subjectKeys, AccountNotice notice)
{
    public const string Template = "session-revoked";

    public async Task RequestAsync(Transaction tx, LockedUser user, UserSession session, CancellationToken cancellationToken)
    {
        var key = await subjectKeys.FindAsync(user.Row.Id, cancellationToken);
        if (key is null || user.Row.OpenContact(key) is not { } address)
            return;
        notice.RequestTo(
            address,
            tx,
            user,
            key,
            Template,
            // A name is a free text: it goes to nobody but its owner.
            ("name", user.Row.EmailVerifiedAt is null ? "" : user.Row.Name.Value),
            notice.Device(user, session.Device),
            ("since", session.CreatedAt.ToMinuteText())
        );
    }
}
