using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Verification;

/// <summary>
/// Codes and links of every purpose, as slices use them: begin, issue, try, send again, complete. Each verification has a key of its own,
/// which seals what it knows and is destroyed with it.
/// </summary>
internal sealed class Verifications(VerificationStores stores, SubjectKeys subjectKeys, ServerKeys serverKeys)
{
    /// <summary>A new code and a new link for a verification, with their stored forms.</summary>
    public IssuedCode Make(VerificationPurpose purpose, Guid id) => Make(purpose, id, purpose.CodeDigits);

    /// <inheritdoc cref="Make(VerificationPurpose, Guid)"/>
    /// <param name="digits">One of <see cref="VerificationPurpose.CodeLengths"/>.</param>
    public IssuedCode Make(VerificationPurpose purpose, Guid id, int digits)
    {
        var code = OneTimeCode.New(digits);
        var link = LinkToken.New();
        return new IssuedCode(code, link, new IssuedHashes(HashOf(purpose, id, code), link.Hash()));
    }

    /// <summary>The stored form of a code.</summary>
    public Hash<OneTimeCode> HashOf(VerificationPurpose purpose, Guid id, OneTimeCode code) =>
        new(CodeHash.Compute(serverKeys.Get(ServerKeys.Codes), purpose.Name, id, code));

    /// <summary>Begins a verification, whose first message goes out with it or, by a job, soon after.</summary>
    /// <param name="key">Made for it by <see cref="CreateKeyAsync"/>; its subject is the verification's id.</param>
    /// <param name="hashes">What the first message carries; <see cref="IssuedHashes.None"/> where a job makes it.</param>
    /// <param name="target">Where messages go, with the blind index that they are counted by; null where that is not known yet.</param>
    /// <param name="userId">Whom it is about; null where that is not known yet.</param>
    public async Task<PendingVerification> BeginAsync<TPayload>(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        SubjectKey key,
        TPayload payload,
        JsonTypeInfo<TPayload> type,
        IssuedHashes hashes,
        VerificationTarget? target,
        Guid? userId = null
    )
    {
        var pending = new PendingVerification
        {
            TenantId = tenantId,
            Id = key.Subject,
            Purpose = purpose.Name,
            Channel = target?.Channel ?? "email",
            IndexVersion = target is null ? null : BlindIndex.Version,
            TargetIndex = target?.Index,
            UserId = userId,
            Payload = JsonSerializer.Serialize(payload, type),
            CodeHash = hashes.Code,
            CodeExpiresAt = tx.Now + purpose.CodeLifetime,
            AttemptsRemaining = (short)purpose.Attempts,
            LinkHash = hashes.Link,
            Sends = 1,
            ResendAt = tx.Now + VerificationRules.WaitAfter(sends: 1),
            CreatedAt = tx.Now,
            ExpiresAt = tx.Now + purpose.Lifetime,
        };
        await stores.Of(purpose).AddAsync(tx, pending);
        return pending;
    }

    /// <summary>The key of a verification that is about to begin.</summary>
    public Task<SubjectKey> CreateKeyAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        CancellationToken cancellationToken
    ) => subjectKeys.CreateForFlowAsync(tenantId, Guid.CreateVersion7(tx.Now), tx.Now + purpose.MaxLifetime, cancellationToken);

    /// <summary>Tries what was shown. Without a rejection the verification is this request's until the transaction ends.</summary>
    public Task<VerificationStep> TryAsync(Transaction tx, VerificationPurpose purpose, Guid tenantId, Guid id, VerificationInput input) =>
        input.Code is { } code
            ? TryAsync(tx, purpose, tenantId, id, HashOf(purpose, id, code))
            : stores.Of(purpose).TryLinkAsync(tx, purpose, tenantId, id, input.Link!.Hash(), secretMatches: null);

    /// <summary>Tries a code of which only the stored form was kept (<see cref="HashOf"/>).</summary>
    public Task<VerificationStep> TryAsync(Transaction tx, VerificationPurpose purpose, Guid tenantId, Guid id, Hash<OneTimeCode> code) =>
        stores.Of(purpose).TryCodeAsync(tx, purpose, tenantId, id, code);

    /// <summary>Tries a link that names its verification by itself.</summary>
    /// <param name="secretMatches">Whether the secret is right that was typed along with it; null: none was.</param>
    public Task<VerificationStep> TryLinkAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        LinkToken link,
        bool? secretMatches
    ) => stores.Of(purpose).TryLinkAsync(tx, purpose, tenantId, id: null, link.Hash(), secretMatches);

    public Task<PendingVerification?> FindAsync(DbSession db, VerificationPurpose purpose, Guid tenantId, Guid id, DateTimeOffset now) =>
        stores.Of(purpose).FindAsync(db, purpose, tenantId, id, now);

    public Task<PendingVerification?> FindAsync(
        DbSession db,
        VerificationPurpose purpose,
        Guid tenantId,
        LinkToken link,
        DateTimeOffset now
    ) => stores.Of(purpose).FindByLinkAsync(db, purpose, tenantId, link.Hash(), now);

    /// <summary>The newest that waits for this address.</summary>
    public Task<PendingVerification?> FindAsync(
        DbSession db,
        VerificationPurpose purpose,
        Guid tenantId,
        BlindIndexEntry target,
        DateTimeOffset now
    ) => stores.Of(purpose).FindByTargetAsync(db, purpose, tenantId, BlindIndex.Version, target, now);

    /// <summary>Counts another message and voids the code and link of before.</summary>
    public Task<VerificationStep> RenewAsync(Transaction tx, VerificationPurpose purpose, Guid tenantId, Guid id) =>
        stores.Of(purpose).RenewAsync(tx, purpose, tenantId, id);

    /// <inheritdoc cref="IVerificationStore.IssueAsync"/>
    public Task<PendingVerification?> IssueAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid id,
        int send,
        IssuedHashes hashes,
        Guid? userId
    ) => stores.Of(purpose).IssueAsync(tx, purpose, tenantId, id, send, hashes, userId);

    /// <inheritdoc cref="IVerificationStore.TakeMessageAsync"/>
    public Task<bool> TakeMessageAsync(Transaction tx, Guid tenantId, string kind, short indexVersion, BlindIndexEntry index, int limit) =>
        stores.Chosen.TakeMessageAsync(tx, tenantId, kind, indexVersion, index, limit);

    public Task CompleteAsync(Transaction tx, PendingVerification pending) => stores.Of(pending.Purpose).CompleteAsync(tx, pending);

    /// <summary>After the commit that completed it. A failure here changes nothing anybody sees; the key's own end makes it good.</summary>
    public async Task DestroyKeyAsync(Guid id)
    {
        try
        {
            await subjectKeys.DestroyAsync([id], CancellationToken.None);
        }
        catch (Exception e) when (DatabaseFailure.IsAway(e))
        {
            // The key store went away in this very moment.
        }
    }
}

/// <summary>Where the messages of a verification go.</summary>
/// <param name="Channel">As in <see cref="PendingVerification.Channel"/>.</param>
internal sealed record VerificationTarget(string Channel, BlindIndexEntry Index);

/// <summary>What a message carries, and what is stored of it.</summary>
internal sealed record IssuedCode(OneTimeCode Code, LinkToken Link, IssuedHashes Hashes);

/// <summary>What was shown: the code or the link.</summary>
internal sealed record VerificationInput(OneTimeCode? Code, LinkToken? Link)
{
    public const string Ambiguous = "identity.verification-ambiguous";

    /// <summary><c>code</c> or <c>link</c>.</summary>
    public string Method => Code is null ? "link" : "code";

    /// <summary>Either of the two.</summary>
    public static VerificationInput? Parse(string? code, string? token, int digits, ValidationErrors errors)
    {
        // One that has its error already was sent nevertheless.
        if (token is null && errors.Has("token"))
            return null;
        if (token is null)
            return OneTimeCode.Parse(code, digits, "code", errors) is { } typed ? new VerificationInput(typed, Link: null) : null;
        if (code is not null)
            errors.Add("token", Ambiguous);
        return LinkToken.Parse(token, "token", errors) is { } link ? new VerificationInput(Code: null, link) : null;
    }
}
