using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;

namespace Gatehouse.Identity.Factors;

/// <summary>
/// Sends codes to the number or address of an account and takes them back, under the lock of the user's row. A code is good for the contact
/// that it was sent to, once.
/// </summary>
internal sealed class SentCodes(
    Verifications verifications,
    SentCodeVerification purpose,
    NotificationEncryptor encryptor,
    BlindIndex blindIndex,
    MessageCatalog texts
)
{
    public const string Template = "second-factor-code";

    private const int CodesPerAddressAndDay = 10;

    /// <param name="contact">The verified one of the user.</param>
    /// <param name="former">The verification of the code before; null for the first one.</param>
    public async Task<Outcome<PendingVerification>> SendAsync(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        IContact contact,
        Guid? former,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var tenant = user.Row.TenantId;
        var index = IndexOf(tenant, contact);
        var waiting = former is { } id ? await verifications.FindAsync(tx, purpose, tenant, id, tx.Now) : null;
        if (waiting is { CompletedAt: not null } || waiting?.TargetIndex?.Equals(index) == false)
            waiting = null;
        if (waiting is not null && VerificationRules.EvaluateResend(purpose, waiting, tx.Now) is { } early)
            return early;
        if (!await verifications.TakeMessageAsync(tx, tenant, CodeQuota.SecondFactor, BlindIndex.Version, index, CodesPerAddressAndDay))
            return VerificationErrors.DailyLimitReached;

        var sent = waiting is null ? await BeginAsync(tx, user, contact, index, cancellationToken) : await RenewAsync(tx, user, waiting.Id);
        if (sent.Error is { } rejection)
            return rejection;
        var (pending, code) = sent.Value;
        user.Publish(
            tx,
            new NotificationRequestedV1
            {
                NotificationId = Guid.CreateVersion7(tx.Now),
                Channel = contact.Channel,
                Template = Template,
                Language = user.Row.Language,
                ExpiresAt = pending.CodeExpiresAt,
                Personal = encryptor.Seal(key, tenant, contact, Values(user.Row, code, actor)),
            }
        );
        tx.Record(AuditRecord.Of(actor, "second-factor.code-sent").WithFact("factor", pending.Channel) with { Subject = user.Row.Id });
        return pending;
    }

    /// <summary>Uses up the code; null if it was right.</summary>
    public async Task<Error?> AcceptAsync(Transaction tx, StoredUser user, IContact contact, Guid verification, OneTimeCode code)
    {
        var step = await verifications.TryAsync(tx, purpose, user.TenantId, verification, new VerificationInput(code, Link: null));
        if (step.Rejection is { } rejection)
            return rejection;
        // It proves the contact that it was sent to, and no later one.
        if (step.Pending!.UserId != user.Id || !IndexOf(user.TenantId, contact).Equals(step.Pending.TargetIndex))
            return purpose.NotFound;
        await verifications.CompleteAsync(tx, step.Pending);
        return null;
    }

    /// <summary>What was sent and waits; null for nothing.</summary>
    public async Task<SentCodeView?> FindAsync(DbSession db, Guid tenant, Guid? verification, IContact contact, DateTimeOffset now) =>
        verification is { } id
        && await verifications.FindAsync(db, purpose, tenant, id, now) is { CompletedAt: null } pending
        && IndexOf(tenant, contact).Equals(pending.TargetIndex)
            ? ViewOf(pending, contact, now)
            : null;

    public SentCodeView ViewOf(PendingVerification pending, IContact contact, DateTimeOffset now) =>
        new()
        {
            MaskedTarget = contact.Masked,
            ResendAfter = Math.Max(0, purpose.ResendAfter(pending, now)),
            CanResend = pending.Sends < purpose.MaxSends,
            ExpiresAt = pending.CodeExpiresAt,
        };

    private async Task<Outcome<Sent>> BeginAsync(
        Transaction tx,
        LockedUser user,
        IContact contact,
        BlindIndexEntry index,
        CancellationToken cancellationToken
    )
    {
        var tenant = user.Row.TenantId;
        var flowKey = await verifications.CreateKeyAsync(tx, purpose, tenant, cancellationToken);
        var issued = verifications.Make(purpose, flowKey.Subject);
        var pending = await verifications.BeginAsync(
            tx,
            purpose,
            tenant,
            flowKey,
            new SentCodePayload(),
            SentCodePayloadJson.Default.SentCodePayload,
            issued.Hashes.WithoutLink(),
            new VerificationTarget(contact.Channel, index),
            user.Row.Id
        );
        return new Sent(pending, issued.Code);
    }

    private async Task<Outcome<Sent>> RenewAsync(Transaction tx, LockedUser user, Guid id)
    {
        var tenant = user.Row.TenantId;
        var step = await verifications.RenewAsync(tx, purpose, tenant, id);
        if (step.Rejection is { } rejection)
            return rejection;
        var issued = verifications.Make(purpose, id);
        await verifications.IssueAsync(tx, purpose, tenant, id, step.Pending!.Sends, issued.Hashes.WithoutLink(), user.Row.Id);
        return new Sent(step.Pending, issued.Code);
    }

    private Dictionary<string, string> Values(StoredUser user, OneTimeCode code, Actor actor) =>
        new(StringComparer.Ordinal)
        {
            ["code"] = code.Reveal(),
            ["minutes"] = ((int)purpose.CodeLifetime.TotalMinutes).ToString(CultureInfo.InvariantCulture),
            ["device"] = ClientDevice.Describe(actor.Device, user.Language, texts),
        };

    private BlindIndexEntry IndexOf(Guid tenant, IContact contact) => blindIndex.Compute(tenant, contact.Kind, contact.Canonical);

    private sealed record Sent(PendingVerification Pending, OneTimeCode Code);
}
