using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Verification;

/// <summary>Verifications in Redis, but for those whose purpose stands in the database.</summary>
internal sealed class SplitVerificationStore(RedisVerificationStore redis, IEnumerable<VerificationPurpose> purposes) : IVerificationStore
{
    private readonly PostgresVerificationStore database = new();

    private readonly HashSet<string> inDatabase = purposes
        .Where(purpose => purpose.StandsInDatabase)
        .Select(purpose => purpose.Name)
        .ToHashSet(StringComparer.Ordinal);

    public Task AddAsync(Transaction tx, PendingVerification pending) => Of(pending.Purpose).AddAsync(tx, pending);

    public Task<PendingVerification?> FindAsync(DbSession db, VerificationPurpose purpose, Guid tenantId, Guid id, DateTimeOffset now) =>
        Of(purpose.Name).FindAsync(db, purpose, tenantId, id, now);

    public Task<PendingVerification?> FindByLinkAsync(
        DbSession db,
        VerificationPurpose purpose,
        Guid tenantId,
        Hash<LinkToken> linkHash,
        DateTimeOffset now
    ) => Of(purpose.Name).FindByLinkAsync(db, purpose, tenantId, linkHash, now);

    public Task<PendingVerification?> FindByTargetAsync(
        DbSession db,
        VerificationPurpose purpose,
        Guid tenantId,
        short indexVersion,
        BlindIndexEntry target,
        DateTimeOffset now
    ) => Of(purpose.Name).FindByTargetAsync(db, purpose, tenantId, indexVersion, target, now);

    public Task<VerificationStep> TryCodeAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid id,
        Hash<OneTimeCode> codeHash
    ) => Of(purpose.Name).TryCodeAsync(tx, purpose, tenantId, id, codeHash);

    public Task<VerificationStep> TryLinkAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid? id,
        Hash<LinkToken> linkHash,
        bool? secretMatches
    ) => Of(purpose.Name).TryLinkAsync(tx, purpose, tenantId, id, linkHash, secretMatches);

    public Task<VerificationStep> RenewAsync(Transaction tx, VerificationPurpose purpose, Guid tenantId, Guid id) =>
        Of(purpose.Name).RenewAsync(tx, purpose, tenantId, id);

    public Task<PendingVerification?> IssueAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid id,
        int send,
        IssuedHashes hashes,
        Guid? userId
    ) => Of(purpose.Name).IssueAsync(tx, purpose, tenantId, id, send, hashes, userId);

    public Task CompleteAsync(Transaction tx, PendingVerification pending) => Of(pending.Purpose).CompleteAsync(tx, pending);

    public Task<bool> TakeMessageAsync(Transaction tx, Guid tenantId, string kind, short indexVersion, BlindIndexEntry index, int limit) =>
        redis.TakeMessageAsync(tx, tenantId, kind, indexVersion, index, limit);

    // That store asks both.
    public Task ForgetUserAsync(DbSession db, Guid tenantId, Guid userId) => redis.ForgetUserAsync(db, tenantId, userId);

    public Task<IReadOnlyList<Guid>> RemoveExpiredAsync(DbSession db, DateTimeOffset now) => redis.RemoveExpiredAsync(db, now);

    private IVerificationStore Of(string purpose) => inDatabase.Contains(purpose) ? database : redis;
}
