using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Factors;

/// <summary>New recovery codes.</summary>
public sealed record NewRecoveryCodes
{
    internal const string Description =
        "Codes to write down, each accepted once in place of a second factor. They are shown this once; empty if there are some already.";

    [Description(Description)]
    public required IReadOnlyList<string> RecoveryCodes { get; init; }

    public override string ToString() => "[recovery codes]";
}

/// <summary>Codes that stand in for a lost second factor, each once. The database knows their keyed hashes.</summary>
internal sealed class RecoveryCodes(ServerKeys serverKeys, SecurityNotice notice) : ISecondFactor
{
    private const int Count = 10;

    public string Name => SecondFactorNames.RecoveryCode;

    public IReadOnlyList<string> Methods { get; } = [AuthenticationMethods.OneTimeCode];

    /// <summary>New ones in place of all before.</summary>
    public async Task<IReadOnlyList<string>> ReplaceAsync(Transaction tx, StoredUser user)
    {
        var codes = Enumerable.Range(0, Count).Select(_ => RecoveryCode.New()).ToList();
        await RemoveAsync(tx, user);
        await tx.ExecuteAsync(
            """
            insert into identity.recovery_codes (tenant_id, user_id, code_hash, created_at)
            select @TenantId, @Id, hash, @Now from unnest(@hashes) hash
            """,
            new
            {
                user.TenantId,
                user.Id,
                tx.Now,
                hashes = codes.Select(code => HashOf(code, user).ToStored()).ToArray(),
            }
        );
        return [.. codes.Select(code => code.Reveal())];
    }

    /// <summary>How many are left.</summary>
    public static Task<int> CountAsync(DbSession db, StoredUser user) =>
        db.SingleAsync<int>(
            "select count(*)::int from identity.recovery_codes where tenant_id = @TenantId and user_id = @Id and used_at is null",
            new { user.TenantId, user.Id }
        );

    public static Task<int> RemoveAsync(Transaction tx, StoredUser user) =>
        tx.ExecuteAsync(
            "delete from identity.recovery_codes where tenant_id = @TenantId and user_id = @Id",
            new { user.TenantId, user.Id }
        );

    public async Task<FactorProof> ProveAsync(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        PendingChallenge challenge,
        FactorInput input,
        Actor actor
    )
    {
        if (RecoveryCode.Parse(input.Code) is not { } code)
            return FactorProof.Wrong;
        var used = await tx.ExecuteAsync(
            """
            update identity.recovery_codes set used_at = @Now
             where tenant_id = @TenantId and user_id = @Id and code_hash = @hash and used_at is null
            """,
            new
            {
                tx.Now,
                user.Row.TenantId,
                user.Row.Id,
                hash = HashOf(code, user.Row),
            }
        );
        if (used == 0)
            return FactorProof.Wrong;
        notice.Request(tx, user, key, "recovery-code-used", actor.Device);
        return FactorProof.Right;
    }

    private Hash<RecoveryCode> HashOf(RecoveryCode code, StoredUser user) =>
        code.Hash(serverKeys.Get(ServerKeys.Codes), user.TenantId, user.Id);
}
