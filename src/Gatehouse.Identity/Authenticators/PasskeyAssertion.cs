using System.ComponentModel;
using System.Text.Json;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Authenticators;

/// <summary>What a browser needs to ask an authenticator.</summary>
public sealed record PasskeyOptions
{
    [Description("Sent back with the answer. Valid for five minutes, once.")]
    public required Guid CeremonyId { get; init; }

    [Description("For PublicKeyCredential.parseCreationOptionsFromJSON or parseRequestOptionsFromJSON.")]
    public required IReadOnlyDictionary<string, JsonElement> PublicKey { get; init; }
}

/// <summary>An authenticator's answer, to what, and what the browser holds that brings it.</summary>
internal sealed record PasskeyAnswer(Guid CeremonyId, PasskeyCredential Credential, Hash<PasskeyBrowser>? Browser);

/// <summary>
/// Proves a user by a passkey, for whatever needs the proof. The authenticator always verifies its user, by a PIN or a fingerprint, so a
/// passkey counts as two factors. Whoever begins sends the options to the browser; whoever finishes does so in its own transaction under
/// the lock of the user's row, and saves the user.
/// </summary>
internal sealed class PasskeyAssertion(
    Database database,
    WebAuthn webAuthn,
    PasskeyCeremonies ceremonies,
    SubjectKeys subjectKeys,
    AccountNotice notice,
    PasskeyMetrics metrics
)
{
    public const string CopiedTemplate = "passkey-copied";

    /// <summary>Asks for any passkey: whose it is, the answer says.</summary>
    public async Task<PasskeyOptions> BeginSignInAsync(
        RelyingParty party,
        Guid tenant,
        Hash<PasskeyBrowser>? browser,
        CancellationToken cancellationToken
    )
    {
        var (options, state) = await webAuthn.AskAsync(party, user: null, known: []);
        return new PasskeyOptions
        {
            CeremonyId = await ceremonies.BeginAsync(tenant, CeremonyPurpose.SignIn, party, state, browser, cancellationToken),
            PublicKey = options,
        };
    }

    /// <summary>Asks for one of the user's passkeys, to answer this challenge and no other; null if the user has none that this host
    /// name opens.</summary>
    public async Task<PasskeyOptions?> BeginAsync(
        RelyingParty party,
        Guid tenant,
        Guid user,
        Guid challenge,
        Hash<PasskeyBrowser>? browser,
        CancellationToken cancellationToken
    )
    {
        var known = await database.QueryAsync(db => StoredPasskey.ListAsync(db, tenant, user), cancellationToken);
        if (known.All(passkey => passkey.RelyingParty != party.Id))
            return null;
        var (options, state) = await webAuthn.AskAsync(party, user, known);
        return new PasskeyOptions
        {
            CeremonyId = await ceremonies.BeginAsync(
                tenant,
                CeremonyPurpose.Confirm(user, challenge),
                party,
                state,
                browser,
                cancellationToken
            ),
            PublicKey = options,
        };
    }

    /// <summary>Whether the answer to <see cref="BeginSignInAsync"/> is right. It is used up, right or wrong.</summary>
    /// <param name="user">Whose passkey it is; null for nobody who may sign in.</param>
    public async Task<bool> FinishSignInAsync(
        Transaction tx,
        Actor actor,
        LockedUser? user,
        PasskeyAnswer answer,
        CancellationToken cancellationToken
    )
    {
        var ceremony = await TakeAsync(tx, actor, answer, CeremonyPurpose.SignIn);
        return ceremony is not null
            && user is not null
            && await VerifyAsync(tx, actor, user, ceremony, answer.Credential, cancellationToken);
    }

    /// <summary>Whether the answer to <see cref="BeginAsync"/> is right, which is one of this user's passkeys. It is used up, right or
    /// wrong.</summary>
    public async Task<bool> FinishAsync(
        Transaction tx,
        Actor actor,
        LockedUser user,
        Guid challenge,
        PasskeyAnswer answer,
        CancellationToken cancellationToken
    )
    {
        var ceremony = await TakeAsync(tx, actor, answer, CeremonyPurpose.Confirm(user.Row.Id, challenge));
        return ceremony is not null && await VerifyAsync(tx, actor, user, ceremony, answer.Credential, cancellationToken);
    }

    private static Task<Ceremony?> TakeAsync(Transaction tx, Actor actor, PasskeyAnswer answer, CeremonyPurpose purpose) =>
        PasskeyCeremonies.TakeAsync(tx, actor.Tenant.Id, answer.CeremonyId, purpose, answer.Browser);

    private async Task<bool> VerifyAsync(
        Transaction tx,
        Actor actor,
        LockedUser user,
        Ceremony ceremony,
        PasskeyCredential credential,
        CancellationToken cancellationToken
    )
    {
        var (tenant, id) = (user.Row.TenantId, user.Row.Id);
        if (await StoredPasskey.FindAsync(tx, tenant, id, credential.Id) is not { } passkey)
            return false;
        if (await webAuthn.ReadAsync(ceremony, id, passkey, credential) is not { } used)
            return false;
        if (SignCount.WentBack(passkey.SignCount, used.SignCount))
        {
            await WarnAsync(tx, actor, user, passkey, cancellationToken);
            return false;
        }

        await tx.ExecuteAsync(
            """
            update identity.passkeys set sign_count = @count, is_backed_up = @IsBackedUp, last_used_at = @Now
             where tenant_id = @tenant and id = @Id
            """,
            new
            {
                tenant,
                passkey.Id,
                count = (long)used.SignCount,
                used.IsBackedUp,
                tx.Now,
            }
        );
        return true;
    }

    private async Task WarnAsync(Transaction tx, Actor actor, LockedUser user, StoredPasskey passkey, CancellationToken cancellationToken)
    {
        tx.AfterCommit(metrics.CounterWentBack);
        tx.Record(
            AuditRecord
                .Of(actor, "passkey.counter-went-back")
                .RefusedWith(AuthenticatorsErrors.PasskeyRejected.Code)
                .WithFact("passkey", passkey.Id.ToString()) with
            {
                Subject = user.Row.Id,
            }
        );
        if (await subjectKeys.FindAsync(user.Row.Id, cancellationToken) is { } key)
            notice.Request(tx, user, key, CopiedTemplate, actor.Device, ("passkey", key.Open(passkey.Name).Value));
    }
}

/// <summary>What the counter of an authenticator says (Web Authentication, level 3, section 6.1.1). Pure.</summary>
internal static class SignCount
{
    /// <summary>Whether there may be a copy of the authenticator. Those that do not count say zero for ever.</summary>
    public static bool WentBack(long before, long now) => (before, now) is not (0, 0) && now <= before;
}
