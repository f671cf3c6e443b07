using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Factors;

/// <summary>Tells the owner by mail or text message what was changed about signing in. What it was is the text
/// <c>page.notice.{what}</c>.</summary>
internal sealed class SecurityNotice(AccountNotice notice)
{
    public const string Template = "security-notice";

    public void Request(Transaction tx, LockedUser user, SubjectKey key, string what, string device) =>
        notice.RequestOf(tx, user, key, Template, "page.notice." + what, device);
}
