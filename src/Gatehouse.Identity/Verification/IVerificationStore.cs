using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Verification;

/// <summary>
/// Where pending verifications stand. Each step is atomic and decides by <see cref="VerificationRules"/>: guesses on one verification
/// happen one after the other, so that N of them count N however parallel they are. Whatever a step changed stands when <c>tx</c> commits.
/// </summary>
internal interface IVerificationStore
{
    Task AddAsync(Transaction tx, PendingVerification pending);

    /// <summary>One that is still open, for reading only.</summary>
    Task<PendingVerification?> FindAsync(DbSession db, VerificationPurpose purpose, Guid tenantId, Guid id, DateTimeOffset now);

    /// <summary>The same, by the hash of its link.</summary>
    Task<PendingVerification?> FindByLinkAsync(
        DbSession db,
        VerificationPurpose purpose,
        Guid tenantId,
        Hash<LinkToken> linkHash,
        DateTimeOffset now
    );

    /// <summary>The newest that is open and not completed, by the blind index of the address it is about; for reading only.</summary>
    Task<PendingVerification?> FindByTargetAsync(
        DbSession db,
        VerificationPurpose purpose,
        Guid tenantId,
        short indexVersion,
        BlindIndexEntry target,
        DateTimeOffset now
    );

    /// <summary>A guess of the code, by its hash. A wrong one is counted.</summary>
    Task<VerificationStep> TryCodeAsync(Transaction tx, VerificationPurpose purpose, Guid tenantId, Guid id, Hash<OneTimeCode> codeHash);

    /// <summary>A link, by its hash.</summary>
    /// <param name="id">The verification it must be of; null where the link alone names it.</param>
    /// <param name="secretMatches">Whether the secret is right that was typed along with it; a wrong one counts like a wrong code. Null:
    /// none was.</param>
    Task<VerificationStep> TryLinkAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid? id,
        Hash<LinkToken> linkHash,
        bool? secretMatches
    );

    /// <summary>
    /// Before another message: counts it and voids the code and link of before. What the message will carry is stored by
    /// <see cref="IssueAsync"/>.
    /// </summary>
    Task<VerificationStep> RenewAsync(Transaction tx, VerificationPurpose purpose, Guid tenantId, Guid id);

    /// <summary>
    /// Stores what the message number <paramref name="send"/> carries and whom it is about. Null when that message was overtaken by the
    /// next one, or there is no such verification any more.
    /// </summary>
    Task<PendingVerification?> IssueAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid id,
        int send,
        IssuedHashes hashes,
        Guid? userId
    );

    /// <summary>It has done its work: what it knew is emptied, and later attempts learn it.</summary>
    Task CompleteAsync(Transaction tx, PendingVerification pending);

    /// <summary>Takes one message from what an address may be sent in a day, if one is left. Parallel takers never exceed the
    /// limit.</summary>
    /// <param name="kind">As in <see cref="CodeQuota"/>.</param>
    Task<bool> TakeMessageAsync(Transaction tx, Guid tenantId, string kind, short indexVersion, BlindIndexEntry index, int limit);

    /// <summary>Removes all that are about a user who is no more.</summary>
    Task ForgetUserAsync(DbSession db, Guid tenantId, Guid userId);

    /// <summary>Removes some of those whose time is over, of all purposes.</summary>
    /// <returns>Their ids; empty when none is left.</returns>
    Task<IReadOnlyList<Guid>> RemoveExpiredAsync(DbSession db, DateTimeOffset now);
}

/// <summary>What a step came to. Without a rejection the verification is there, and is this request's until the transaction ends.</summary>
internal sealed record VerificationStep(PendingVerification? Pending, Error? Rejection);

/// <summary>The stored forms of a code and a link.</summary>
internal sealed record IssuedHashes(Hash<OneTimeCode> Code, Hash<LinkToken> Link)
{
    /// <summary>Of a message that nobody gets.</summary>
    public static IssuedHashes None => new(Hash<OneTimeCode>.OfNothing(), Hash<LinkToken>.OfNothing());

    /// <summary>Of a message that carries the code alone.</summary>
    public IssuedHashes WithoutLink() => this with { Link = Hash<LinkToken>.OfNothing() };

    /// <summary>Of a message that carries the link alone.</summary>
    public IssuedHashes WithoutCode() => this with { Code = Hash<OneTimeCode>.OfNothing() };
}
