using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.Tokens;

namespace Gatehouse.Identity.SignIn;

/// <summary>
/// From the factors that were proved to a session: every operation and page that signs somebody in ends here, within the transaction of
/// what was proved and under the lock of the user's row.
/// </summary>
internal sealed class CompleteSignIn(UserSessions sessions, ServerKeys serverKeys)
{
    /// <param name="key">The user's key; null when it was destroyed.</param>
    /// <param name="method">What was proved: <c>password</c>, <c>code</c>, <c>registration</c>.</param>
    /// <param name="device">The known device it was proved on; null for a new one.</param>
    public async Task<SignedIn> CompleteAsync(Transaction tx, LockedUser user, SubjectKey? key, Actor actor, string method, Guid? device)
    {
        // Whoever proves a factor rejects locked-out users before, in the way that reveals nothing.
        if (user.Row.IsLockedOut)
            throw new InvalidOperationException("A locked-out user was about to be signed in.");
        var tokens = await sessions.StartAsync(tx, user, actor, method);
        var deviceToken = DeviceToken.Issue(
            serverKeys.Get(ServerKeys.Devices),
            user.Row.TenantId,
            user.Row.Id,
            device ?? Guid.CreateVersion7(tx.Now),
            user.Row.PasswordChangedAt
        );
        return new SignedIn(user.Row.View(key, tx.Now), tokens, deviceToken);
    }
}
