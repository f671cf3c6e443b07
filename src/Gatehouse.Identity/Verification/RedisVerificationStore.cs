using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Verification;

/// <summary>
/// Verifications in Redis, which end there by themselves. A step reads, decides by <see cref="VerificationRules"/> and writes by one
/// script, if nobody wrote meanwhile; otherwise it begins again. It takes effect at once, before the transaction commits: a code is used up
/// first and its user created then. A transaction that fails takes its steps back; what it cannot take back is lost, and nothing else.
/// </summary>
internal sealed class RedisVerificationStore(RedisVerificationEntries entries, TimeProvider clock) : IVerificationStore
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly PostgresVerificationStore former = new();

    public async Task AddAsync(Transaction tx, PendingVerification pending)
    {
        if (!await entries.WriteAsync(tx, before: null, pending, holds: false))
            throw new InvalidOperationException($"There is a verification {pending.Id} already.");
        await entries.NoteTargetAsync(pending, tx.Now);
    }

    public async Task<PendingVerification?> FindAsync(
        DbSession db,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid id,
        DateTimeOffset now
    ) => (await entries.ReadAsync(entries.Key(tenantId, id), holder: "")).Open(purpose, now)?.Pending;

    public async Task<PendingVerification?> FindByLinkAsync(
        DbSession db,
        VerificationPurpose purpose,
        Guid tenantId,
        Hash<LinkToken> linkHash,
        DateTimeOffset now
    ) => (await entries.ReadAsync(entries.Key(tenantId, linkHash), holder: "", isLink: true)).Open(purpose, now)?.Pending;

    public async Task<PendingVerification?> FindByTargetAsync(
        DbSession db,
        VerificationPurpose purpose,
        Guid tenantId,
        short indexVersion,
        BlindIndexEntry target,
        DateTimeOffset now
    )
    {
        foreach (var id in await entries.OfTargetAsync(tenantId, indexVersion, target))
        {
            if (await FindAsync(db, purpose, tenantId, id, now) is { CompletedAt: null } pending)
                return pending;
        }

        return null;
    }

    public async Task<VerificationStep> TryCodeAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid id,
        Hash<OneTimeCode> codeHash
    ) =>
        await StepAsync(
            tx,
            purpose,
            entries.Key(tenantId, id),
            pending => Counted(pending, VerificationRules.EvaluateCode(purpose, pending, codeHash, tx.Now))
        ) ?? new VerificationStep(Pending: null, purpose.NotFound);

    public async Task<VerificationStep> TryLinkAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid? id,
        Hash<LinkToken> linkHash,
        bool? secretMatches
    ) =>
        await StepAsync(
            tx,
            purpose,
            id is { } known ? entries.Key(tenantId, known) : entries.Key(tenantId, linkHash),
            pending => Counted(pending, VerificationRules.EvaluateLink(purpose, pending, linkHash, secretMatches)),
            isLink: id is null
        ) ?? new VerificationStep(Pending: null, id is null ? VerificationErrors.LinkInvalid : purpose.NotFound);

    public async Task<VerificationStep> RenewAsync(Transaction tx, VerificationPurpose purpose, Guid tenantId, Guid id) =>
        await StepAsync(
            tx,
            purpose,
            entries.Key(tenantId, id),
            pending =>
                VerificationRules.EvaluateResend(purpose, pending, tx.Now) is { } rejection
                    ? new Decision(pending, new VerificationStep(pending, rejection), Holds: false)
                    : Decision.Of(VerificationRules.Renew(purpose, pending, tx.Now))
        ) ?? new VerificationStep(Pending: null, purpose.NotFound);

    public async Task<PendingVerification?> IssueAsync(
        Transaction tx,
        VerificationPurpose purpose,
        Guid tenantId,
        Guid id,
        int send,
        IssuedHashes hashes,
        Guid? userId
    ) =>
        (
            await StepAsync(
                tx,
                purpose,
                entries.Key(tenantId, id),
                pending =>
                    pending.Sends == send
                        ? Decision.Of(
                            pending with
                            {
                                CodeHash = hashes.Code,
                                CodeExpiresAt = tx.Now + purpose.CodeLifetime,
                                LinkHash = hashes.Link,
                                UserId = userId ?? pending.UserId,
                                ExpiresAt = VerificationRules.EndOf(purpose, pending.ExpiresAt, tx.Now),
                            }
                        )
                        : new Decision(pending, new VerificationStep(Pending: null, Rejection: null), Holds: false)
            )
        )?.Pending;

    public async Task CompleteAsync(Transaction tx, PendingVerification pending)
    {
        var held = tx.Collect<HeldEntries>().Stored[pending.Id];
        // Held for too long, or flushed: whoever has it now, this transaction has it no more.
        if (!await entries.WriteAsync(tx, held, held.Pending with { CompletedAt = tx.Now, Payload = "{}" }, holds: true))
            throw new DependencyAwayException("The verification was lost to another request, or with Redis.");
    }

    public Task<bool> TakeMessageAsync(Transaction tx, Guid tenantId, string kind, short indexVersion, BlindIndexEntry index, int limit) =>
        entries.TakeMessageAsync(tx, $"{tenantId:N}:{kind}:{indexVersion}:{index}", limit);

    public async Task ForgetUserAsync(DbSession db, Guid tenantId, Guid userId)
    {
        await entries.ForgetUserAsync(tenantId, userId);
        await former.ForgetUserAsync(db, tenantId, userId);
    }

    /// <summary>Those here end by themselves, and their keys too; what the other store was left with is removed there.</summary>
    public Task<IReadOnlyList<Guid>> RemoveExpiredAsync(DbSession db, DateTimeOffset now) => former.RemoveExpiredAsync(db, now);

    private static Decision Counted(PendingVerification pending, VerificationVerdict verdict) =>
        new(
            verdict.CostsAttempt ? pending with { AttemptsRemaining = (short)(pending.AttemptsRemaining - 1) } : pending,
            new VerificationStep(pending, verdict.Rejection),
            Holds: verdict.Rejection is null
        );

    /// <returns>Null when there is no such verification.</returns>
    private async Task<VerificationStep?> StepAsync(
        Transaction tx,
        VerificationPurpose purpose,
        string key,
        Func<PendingVerification, Decision> decide,
        bool isLink = false
    )
    {
        var holder = tx.Collect<HeldEntries>().Holder;
        for (var start = clock.GetTimestamp(); clock.GetElapsedTime(start) < MaxWait; )
        {
            var read = await entries.ReadAsync(key, holder, isLink);
            if (read.Open(purpose, tx.Now) is not { } stored)
                return null;
            if (read.IsHeld)
            {
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
                continue;
            }

            var decision = decide(stored.Pending);
            var changes = decision.Holds || decision.Next != stored.Pending;
            if (!changes || await entries.WriteAsync(tx, stored, decision.Next, decision.Holds))
                return decision.Step;
        }

        throw new DependencyAwayException("The verification was held by other requests for too long.");
    }

    /// <param name="Holds">Whether the verification is this transaction's until its end.</param>
    private sealed record Decision(PendingVerification Next, VerificationStep Step, bool Holds)
    {
        public static Decision Of(PendingVerification next) => new(next, new VerificationStep(next, Rejection: null), Holds: true);
    }
}
