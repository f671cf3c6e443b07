using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Sessions;

namespace Gatehouse.Identity.Factors;

/// <summary>
/// What adding and removing a second factor has in common, under the lock of the user's row: the user's list of them, who is told, and
/// what the tenant asks for.
/// </summary>
internal sealed class SecondFactors(SecurityNotice notice, UserSessions sessions)
{
    /// <summary>From now on a sign-in asks for it. The session that had to add one is free; others that had to are over.</summary>
    public async Task AddAsync(Transaction tx, LockedUser user, SubjectKey key, string factor, Actor actor)
    {
        await HoldAsync(tx, user, factor, actor);
        Tell(tx, user, key, factor, AuditRecord.Of(actor, "second-factor.added"), "added");
    }

    /// <summary>The same without telling anybody.</summary>
    public async Task HoldAsync(Transaction tx, LockedUser locked, string factor, Actor actor)
    {
        var user = locked.Row;
        var counts = SecondFactorRules.Counting([factor], actor.Tenant.Settings).Count > 0;
        await tx.ExecuteAsync(
            """
            update identity.users
               set second_factors = array_append(array_remove(second_factors, @factor), @factor),
                   second_factor_due_at = case when @counts then null else second_factor_due_at end
             where tenant_id = @TenantId and id = @Id
            """,
            new
            {
                factor,
                counts,
                user.TenantId,
                user.Id,
            }
        );
        if (!counts)
            return;
        await tx.ExecuteAsync(
            "update identity.sessions set must_enroll = false where tenant_id = @TenantId and id = @SessionId and must_enroll",
            new { user.TenantId, actor.RequiredUser.SessionId }
        );
        // Whoever else got in with the first factor alone has not shown the one that there is now.
        await sessions.EndUnenrolledAsync(tx, locked, actor);
    }

    /// <summary>Whether the user may give it up.</summary>
    public static async Task<Error?> MayRemoveAsync(Transaction tx, StoredUser user, string factor, TenantSettings settings)
    {
        string[] left = [.. user.SecondFactors.Where(held => held != factor)];
        if (user.PasswordIsShort && !SecondFactorRules.AllowsShortPassword(left, settings))
            return FactorsErrors.PasswordTooShortAlone;
        return
            SecondFactorRules.Counting([factor], settings).Count > 0
            && SecondFactorRules.Counting(left, settings).Count == 0
            && await MissingFactor.IsRequiredAsync(tx, user, settings)
            ? FactorsErrors.Required
            : null;
    }

    /// <summary>Nothing asks for it any more, unless a passkey is left. What remembered devices need not prove is asked for
    /// again.</summary>
    public async Task RemoveAsync(Transaction tx, LockedUser user, SubjectKey key, string factor, Actor actor)
    {
        await GiveUpAsync(tx, user.Row, factor);
        Tell(tx, user, key, factor, AuditRecord.Of(actor, "second-factor.removed"), "removed");
    }

    /// <summary>The same without telling anybody.</summary>
    public static async Task GiveUpAsync(Transaction tx, StoredUser user, string factor)
    {
        await tx.ExecuteAsync(
            """
            update identity.users set second_factors = array_remove(second_factors, @factor)
             where tenant_id = @TenantId and id = @Id
               and not (@factor = 'passkey' and exists (select from identity.passkeys where tenant_id = @TenantId and user_id = @Id))
            """,
            new
            {
                factor,
                user.TenantId,
                user.Id,
            }
        );
        await RememberedDevices.ForgetAsync(tx, user);
        if (user.SecondFactors.All(held => held == factor))
            await RecoveryCodes.RemoveAsync(tx, user);
    }

    private void Tell(Transaction tx, LockedUser user, SubjectKey key, string factor, AuditRecord record, string reason)
    {
        user.Publish(
            tx,
            new CredentialChangedV1
            {
                UserId = user.Row.Id,
                Credential = factor,
                Reason = reason,
            }
        );
        tx.Record((record with { Subject = user.Row.Id }).WithFact("factor", factor));
        notice.Request(tx, user, key, $"{factor}-{reason}", record.Device ?? "");
    }
}
