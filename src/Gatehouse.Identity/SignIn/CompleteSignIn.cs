using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.Tokens;

namespace Gatehouse.Identity.SignIn;

/// <summary>
/// From the factors that were proved to a session, or to a challenge for another one: every operation and page that signs somebody in ends
/// here, within the transaction of what was proved and under the lock of the user's row.
/// <para>Publishes <c>session.started.v1</c> and, but for a registration, <c>user.signed-in.v1</c>.</para>
/// </summary>
internal sealed class CompleteSignIn(UserSessions sessions, ServerKeys serverKeys, PictureAddresses pictures, ThrottleOptions options)
{
    /// <summary>A session, if nothing more is asked for; otherwise a challenge.</summary>
    /// <param name="key">The user's key; null when it was destroyed.</param>
    /// <param name="device">The known device it was proved on; null for a new one.</param>
    public async Task<SignInStep> CompleteAsync(
        Transaction tx,
        LockedUser user,
        SubjectKey? key,
        Actor actor,
        FirstFactor proved,
        Guid? device
    )
    {
        RejectLockedOut(user);
        var asked = SecondFactorRules.Asked(user.Row.SecondFactors, actor.Tenant.Settings, proved.Repeats);
        return asked.Count > 0 && !await RememberedDevices.KnowAsync(tx, user.Row, device, tx.Now)
            ? await PendingChallenge.BeginAsync(tx, user, proved, device, asked, actor)
            : await BeginAsync(tx, user, key, actor, proved, device);
    }

    /// <summary>A session: all was proved that is asked for, or the account is new.</summary>
    public async Task<SignedIn> BeginAsync(Transaction tx, LockedUser user, SubjectKey? key, Actor actor, FirstFactor proved, Guid? device)
    {
        RejectLockedOut(user);
        var settings = actor.Tenant.Settings;
        var mustEnroll =
            SecondFactorRules.Counting(user.Row.SecondFactors, settings).Count == 0
            && !proved.Amr.Contains(AuthenticationMethods.Several, StringComparer.Ordinal)
            && await MissingFactor.IsDueAsync(tx, user.Row, settings);
        var tokens = await sessions.StartAsync(tx, user, actor, proved, mustEnroll);
        if (proved.Method != FirstFactor.Registration.Method)
            user.Publish(
                tx,
                new UserSignedInV1
                {
                    UserId = user.Row.Id,
                    SessionId = tokens.SessionId,
                    Method = proved.Method,
                    KnownDevice = device is not null,
                }
            );
        if (options.NoticesOfNewDevices)
            await NewDevices.NoteAsync(tx, user.Row, device, proved, tokens.SessionId, actor);
        var id = device ?? Guid.CreateVersion7(tx.Now);
        var deviceToken = DeviceToken.Issue(
            serverKeys.Get(ServerKeys.Devices),
            user.Row.TenantId,
            user.Row.Id,
            id,
            user.Row.PasswordChangedAt
        );
        return new SignedIn(user.Row.View(key, tx.Now, pictures), tokens, deviceToken) { DeviceId = id };
    }

    // Whoever proves a factor rejects locked-out users before, in the way that reveals nothing.
    private static void RejectLockedOut(LockedUser user)
    {
        if (user.Row.IsLockedOut)
            throw new InvalidOperationException("A locked-out user was about to be signed in.");
    }
}
