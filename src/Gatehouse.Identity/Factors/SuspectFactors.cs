using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Factors;

/// <summary>What somebody may have left behind who had an account that was not theirs.</summary>
internal sealed class SuspectFactors(SecondFactors factors)
{
    /// <summary>
    /// Removes what was added since then and lets the user in: passkeys, authenticator app, codes by text message and mail, with notice of
    /// each. What waits to be confirmed goes, too, because it may be known. Recovery codes go with the first factor, or if they are as new;
    /// no device is remembered. The row is read again.
    /// </summary>
    public async Task RemoveAsync(Transaction tx, LockedUser user, SubjectKey key, DateTimeOffset since, Actor actor)
    {
        foreach (var factor in await DeleteAsync(tx, user.Row, since))
        {
            await factors.RemoveAsync(tx, user, key, factor, actor);
            await user.ReloadAsync(tx);
        }

        await RememberedDevices.ForgetAsync(tx, user.Row);
    }

    /// <returns>The factors that went.</returns>
    private static async Task<IReadOnlyList<string>> DeleteAsync(Transaction tx, StoredUser user, DateTimeOffset since)
    {
        var parameters = new
        {
            user.TenantId,
            user.Id,
            since,
        };
        var gone = await tx.ListAsync<string>(
            """
            with apps as (delete from identity.totp
                           where tenant_id = @TenantId and user_id = @Id and (confirmed_at is null or confirmed_at >= @since)
                          returning 'totp' as factor, confirmed_at),
                 sent as (delete from identity.sent_code_factors
                           where tenant_id = @TenantId and user_id = @Id and (confirmed_at is null or confirmed_at >= @since)
                          returning factor, confirmed_at),
                 passkeys as (delete from identity.passkeys where tenant_id = @TenantId and user_id = @Id and created_at >= @since
                              returning 'passkey' as factor, created_at)
            select factor from (select * from apps union all select * from sent union all select * from passkeys) as gone
             where confirmed_at is not null group by factor order by factor
            """,
            parameters
        );
        await tx.ExecuteAsync(
            "delete from identity.recovery_codes where tenant_id = @TenantId and user_id = @Id and (@any or created_at >= @since)",
            new
            {
                user.TenantId,
                user.Id,
                any = gone.Count > 0,
                since,
            }
        );
        return gone;
    }
}
