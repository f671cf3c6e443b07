using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Factors;

/// <summary>Codes of an authenticator app. A step that was used, and all before it, never count again.</summary>
internal sealed class TotpFactor : ISecondFactor
{
    public string Name => SecondFactorNames.Totp;

    public IReadOnlyList<string> Methods { get; } = [AuthenticationMethods.OneTimeCode];

    public async Task<FactorProof> ProveAsync(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        PendingChallenge challenge,
        FactorInput input,
        Actor actor
    ) =>
        await StoredTotp.FindAsync(tx, user.Row.TenantId, user.Row.Id) is { ConfirmedAt: not null } totp
        && await totp.AcceptAsync(tx, key, input.Code)
            ? FactorProof.Right
            : FactorProof.Wrong;
}

/// <summary>An authenticator app of a user, as stored.</summary>
internal sealed class StoredTotp
{
    public Guid TenantId { get; init; }

    public Guid UserId { get; init; }

    public EncryptedValue<TotpSecret> Secret { get; init; } = null!;

    /// <summary>Null until a code proved that the app has the secret.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    public long LastStep { get; init; }

    public static Task<StoredTotp?> FindAsync(DbSession db, Guid tenant, Guid user) =>
        db.FirstOrDefaultAsync<StoredTotp>(
            """
            select tenant_id, user_id, secret, confirmed_at, last_step from identity.totp where tenant_id = @tenant and user_id = @user
            """,
            new { tenant, user }
        );

    /// <summary>Uses up the step whose code it is; false for a wrong code and a used step. The user's row is locked.</summary>
    public async Task<bool> AcceptAsync(Transaction tx, SubjectKey key, string code)
    {
        if (key.Open(Secret).StepOf(code, tx.Now) is not { } step || step <= LastStep)
            return false;
        await tx.ExecuteAsync(
            """
            update identity.totp set last_step = @step, last_used_at = @Now, confirmed_at = coalesce(confirmed_at, @Now)
             where tenant_id = @TenantId and user_id = @UserId
            """,
            new
            {
                step,
                tx.Now,
                TenantId,
                UserId,
            }
        );
        return true;
    }
}
