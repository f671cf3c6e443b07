using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Factors;
using Gatehouse.Identity.Recovery;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Values;

namespace Gatehouse.Identity.Credentials;

/// <summary>Gives an account back to its owner, who has proved to be that, within the caller's transaction and under the lock of the user's
/// row.</summary>
internal sealed class AccountTakeback(
    UserContacts contacts,
    SuspectFactors suspects,
    UserSessions sessions,
    Throttle throttle,
    PasswordResets resets
)
{
    /// <summary>
    /// Shuts out whoever else got in: a number and second factors that were added since go, the password is removed, all sessions end.
    /// Then the owner is sent what chooses a new password.
    /// </summary>
    /// <param name="since">Since when somebody else may have had the account.</param>
    /// <param name="owner">Where the owner is reached by the row as it is after that; null for nowhere.</param>
    public async Task ShutOthersOutAsync(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        DateTimeOffset since,
        TakebackCause cause,
        Func<StoredUser, IContact?> owner,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        if (user.Row.Phone is not null && user.Row.PhoneChangedAt >= since)
            await contacts.TakePhoneAwayAsync(tx, user, key, actor);
        await suspects.RemoveAsync(tx, user, key, since, actor);
        await PasswordResets.RemovePasswordAsync(tx, user);
        await sessions.EndAllAsync(tx, user, actor, except: null, cause.SessionEnd);
        await throttle.ClearPasswordsAsync(tx, user.Row.TenantId, user.Row.Id);
        if (!user.Row.IsLockedOut && actor.Tenant.Settings.SignsInByPassword && owner(user.Row) is { } contact)
            await resets.BeginAsync(tx, Identifier.Of(contact), cause.ResetTemplate, actor, cancellationToken);
    }
}

/// <summary>Why an account was taken back.</summary>
internal sealed record TakebackCause
{
    /// <summary>As the end of the sessions says it: one of <see cref="Sessions.SessionEnd"/>.</summary>
    public required string SessionEnd { get; init; }

    /// <summary>Of the message that asks for a new password.</summary>
    public required string ResetTemplate { get; init; }
}
