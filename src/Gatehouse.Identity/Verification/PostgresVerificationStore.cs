using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Verification;

/// <summary>Verifications in the main database. The row's lock is what makes guesses take turns.</summary>
internal sealed class PostgresVerificationStore : IVerificationStore
{
    private const int Batch = 1000;

    private const string Columns = """
        tenant_id, id, purpose, channel, index_version, target_index, user_id, payload::text as payload, code_hash, code_expires_at,
        attempts_remaining, link_hash, sends, resend_at, created_at, completed_at, expires_at
        """;

    private const string ById = $"""
        select {Columns} from identity.verifications where tenant_id = @tenantId and id = @id and purpose = @purpose and expires_at > @now
        """;

    private const string ByLink = $"""
        select {Columns} from identity.verifications
         where tenant_id = @tenantId and link_hash = @linkHash and purpose = @purpose and expires_at > @now
        """;

    public Task AddAsync(Transaction tx, PendingVerification pending) =>
        tx.ExecuteAsync(
            """
            insert into identity.verifications (tenant_id, id, purpose, channel, index_version, target_index, user_id, payload, code_hash,
                                                code_expires_at, attempts_remaining, link_hash, sends, resend_at, created_at, expires_at)
            values (@TenantId, @Id, @Purpose, @Channel, @IndexVersion, @TargetIndex, @UserId, @Payload::jsonb, @CodeHash, @CodeExpiresAt,
                @AttemptsRemaining, @LinkHash, @Sends, @ResendAt, @CreatedAt, @ExpiresAt)
            """,
            pending
        );

    public Task<PendingVerification?> FindAsync(DbSession db, VerificationPurpose purpose, Guid tenantId, Guid id, DateTimeOffset now) =>
        db.FirstOrDefaultAsync<PendingVerification>(
            ById,
            new
            {
                tenantId,
                id,
                purpose = purpose.Name,
                now,
            }
        );

    public Task<PendingVerification?> FindByLinkAsync(
        DbSession db,
        VerificationPurpose purpose,
        Guid tenantId,
        Hash<LinkToken> linkHash,
        DateTimeOffset now
    ) =>
        db.FirstOrDefaultAsync<PendingVerification>(
            ByLink,
            new
            {
                tenantId,
                linkHash,
                purpose = purpose.Name,
                now,
            }
        );

    public Task<PendingVerification?> FindByTargetAsync(
        DbSession db,
        VerificationPurpose purpose,
        Guid tenantId,
        short indexVersion,
        BlindIndexEntry target,
        DateTimeOffset now
    ) =>
        db.FirstOrDefaultAsync<PendingVerification>(
            $"""
            select {Columns} from identity.verifications
             where tenant_id = @tenantId and target_index = @target and index_version = @indexVersion and purpose = @purpose
               and expires_at > @now and completed_at is null
             order by id desc limit 1
            """,
            new
            {
                tenantId,
                target,
                indexVersion,
                purpose = purpose.Name,
                now,
            }
        );

    public async Task<VerificationStep> TryCodeAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid id,
        Hash<OneTimeCode> codeHash
    )
    {
        var pending = await LockAsync(tx, purpose, tenantId, id);
        return pending is null
            ? new VerificationStep(pending, purpose.NotFound)
            : await CountedAsync(tx, pending, VerificationRules.EvaluateCode(purpose, pending, codeHash, tx.Now));
    }

    public async Task<VerificationStep> TryLinkAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid? id,
        Hash<LinkToken> linkHash,
        bool? secretMatches
    )
    {
        var pending = id is { } known
            ? await LockAsync(tx, purpose, tenantId, known)
            : await tx.FirstOrDefaultAsync<PendingVerification>(
                ByLink + " for update",
                new
                {
                    tenantId,
                    linkHash,
                    purpose = purpose.Name,
                    now = tx.Now,
                }
            );
        if (pending is null)
            return new VerificationStep(pending, id is null ? VerificationErrors.LinkInvalid : purpose.NotFound);
        return await CountedAsync(tx, pending, VerificationRules.EvaluateLink(purpose, pending, linkHash, secretMatches));
    }

    public async Task<VerificationStep> RenewAsync(Transaction tx, VerificationPurpose purpose, Guid tenantId, Guid id)
    {
        var pending = await LockAsync(tx, purpose, tenantId, id);
        if (pending is null)
            return new VerificationStep(pending, purpose.NotFound);
        if (VerificationRules.EvaluateResend(purpose, pending, tx.Now) is { } rejection)
            return new VerificationStep(pending, rejection);

        var renewed = VerificationRules.Renew(purpose, pending, tx.Now);
        await tx.ExecuteAsync(
            """
            update identity.verifications
               set code_hash = @CodeHash, code_expires_at = @CodeExpiresAt, link_hash = @LinkHash, attempts_remaining = @AttemptsRemaining,
                   sends = @Sends, resend_at = @ResendAt, expires_at = @ExpiresAt
             where tenant_id = @TenantId and id = @Id
            """,
            renewed
        );
        return new VerificationStep(renewed, Rejection: null);
    }

    public Task<PendingVerification?> IssueAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid id,
        int send,
        IssuedHashes hashes,
        Guid? userId
    ) =>
        tx.FirstOrDefaultAsync<PendingVerification>(
            $"""
            update identity.verifications
               set code_hash = @Code, code_expires_at = @codeExpiresAt, link_hash = @Link, user_id = coalesce(@userId, user_id),
                   expires_at = case when @prolongs then @end else expires_at end
             where tenant_id = @tenantId and id = @id and purpose = @Name and sends = @send and expires_at > @now
            returning {Columns}
            """,
            new
            {
                hashes.Code,
                codeExpiresAt = tx.Now + purpose.CodeLifetime,
                hashes.Link,
                userId,
                prolongs = purpose.MessagesProlong,
                end = tx.Now + purpose.Lifetime,
                tenantId,
                id,
                purpose.Name,
                send = (short)send,
                now = tx.Now,
            }
        );

    public Task CompleteAsync(Transaction tx, PendingVerification pending) =>
        tx.ExecuteAsync(
            "update identity.verifications set completed_at = @now, payload = '{}' where tenant_id = @TenantId and id = @Id",
            new
            {
                now = tx.Now,
                pending.TenantId,
                pending.Id,
            }
        );

    public Task<bool> TakeMessageAsync(Transaction tx, Guid tenantId, string kind, short indexVersion, BlindIndexEntry index, int limit) =>
        CodeQuota.TakeAsync(tx, tenantId, kind, indexVersion, index, limit, CodeQuota.Share.OfAll(limit));

    public Task ForgetUserAsync(DbSession db, Guid tenantId, Guid userId) =>
        db.ExecuteAsync("delete from identity.verifications where tenant_id = @tenantId and user_id = @userId", new { tenantId, userId });

    public Task<IReadOnlyList<Guid>> RemoveExpiredAsync(DbSession db, DateTimeOffset now) =>
        db.ListAsync<Guid>(
            """
            delete from identity.verifications
             where (tenant_id, id) in (select tenant_id, id from identity.verifications
                                       where expires_at <= @now limit @batch for update skip locked)
            returning id
            """,
            new { now, batch = Batch }
        );

    private static Task<PendingVerification?> LockAsync(Transaction tx, VerificationPurpose purpose, Guid tenantId, Guid id) =>
        tx.FirstOrDefaultAsync<PendingVerification>(
            ById + " for update",
            new
            {
                tenantId,
                id,
                purpose = purpose.Name,
                now = tx.Now,
            }
        );

    private static async Task<VerificationStep> CountedAsync(Transaction tx, PendingVerification pending, VerificationVerdict verdict)
    {
        if (verdict.CostsAttempt)
        {
            await tx.ExecuteAsync(
                "update identity.verifications set attempts_remaining = attempts_remaining - 1 where tenant_id = @TenantId and id = @Id",
                new { pending.TenantId, pending.Id }
            );
        }

        return new VerificationStep(pending, verdict.Rejection);
    }
}
