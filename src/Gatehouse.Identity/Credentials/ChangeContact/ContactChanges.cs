using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Factors;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;

namespace Gatehouse.Identity.Credentials;

/// <summary>
/// Changes of an own address or number, from the request to the proof. What waits stands in the user's row with the one verification that
/// proves it, so a code or link of an earlier request proves nothing. Until then the former address or number stays in force.
/// <para>Does not reveal whether somebody else has the address or number, unless to who has proved it.</para>
/// </summary>
internal sealed class ContactChanges(
    Database database,
    Verifications verifications,
    SubjectKeys subjectKeys,
    BlindIndex blindIndex,
    ContactChangeMessage message,
    UserContacts contacts,
    PictureAddresses pictures,
    RegistrationOptions options
)
{
    public Task<Outcome<ContactChangeView>> BeginAsync(
        ContactChangeVerification purpose,
        IContact contact,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        WithKeyAsync(
            actor,
            key =>
                database.InTransactionAsync(
                    "contact-change.begin",
                    tx => BeginAsync(tx, key, purpose, contact, actor, cancellationToken),
                    cancellationToken
                ),
            cancellationToken
        );

    /// <param name="id">The verification that is meant; null for whichever waits.</param>
    public Task<Outcome<ContactChangeView>> ResendAsync(
        ContactChangeVerification purpose,
        Guid? id,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        WithKeyAsync(
            actor,
            key => database.InTransactionAsync("contact-change.resend", tx => ResendAsync(tx, key, purpose, id, actor), cancellationToken),
            cancellationToken
        );

    /// <param name="id">The verification that is meant; null for whichever waits.</param>
    public async Task<Outcome<UserView>> ConfirmAsync(
        ContactChangeVerification purpose,
        Guid? id,
        VerificationInput proof,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var outcome = await WithKeyAsync(
            actor,
            key =>
                database.InTransactionAsync(
                    "contact-change.confirm",
                    tx => ConfirmAsync(tx, key, purpose, id, proof, actor, cancellationToken),
                    cancellationToken
                ),
            cancellationToken
        );
        if (outcome.Error is { } error)
            return error;
        await verifications.DestroyKeyAsync(outcome.Value.Verification);
        return outcome.Value.User;
    }

    /// <summary>Gives the change up.</summary>
    public Task<Outcome<Guid>> CancelAsync(ContactChangeVerification purpose, Actor actor, CancellationToken cancellationToken) =>
        WithKeyAsync(
            actor,
            key => database.InTransactionAsync("contact-change.cancel", tx => CancelAsync(tx, key, purpose, actor), cancellationToken),
            cancellationToken
        );

    private async Task<Outcome<T>> WithKeyAsync<T>(
        Actor actor,
        Func<SubjectKey, Task<Outcome<T>>> work,
        CancellationToken cancellationToken
    ) =>
        // Without a key the token outlived the account by a moment.
        await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is { } key
            ? await work(key)
            : RequestErrors.Unauthenticated;

    private async Task<Outcome<ContactChangeView>> BeginAsync(
        Transaction tx,
        SubjectKey key,
        ContactChangeVerification purpose,
        IContact contact,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var tenant = actor.Tenant.Id;
        if (await LockedUser.LockAsync(tx, tenant, key.Subject) is not { Row.IsLockedOut: false } user)
            return RequestErrors.Unauthenticated;
        // The address of the registration is to be verified first.
        if (user.Row.IsUnverified)
            return RequestErrors.Forbidden;
        if (user.Row.OpenContact(key, contact.Kind)?.Canonical == contact.Canonical)
            return RequestErrors.Invalid.With([new FieldError { Field = purpose.Field, Code = CredentialsErrors.ContactUnchanged }]);
        if (
            contact is EmailAddress
            && user.Row.EmailVerifiedAt is not null
            && ChangeRules.EvaluateEmail(user.Row, actor.Tenant.Settings, tx.Now) is { } early
        )
            return early;
        if (await ContactFactors.MayGoAsync(tx, user.Row, contact.Kind, actor.Tenant.Settings) is { } held)
            return held;

        var index = blindIndex.Compute(tenant, contact.Kind, contact.Canonical);
        var target = await TargetAsync(tx, user, purpose, contact, index);
        var flowKey = await verifications.CreateKeyAsync(tx, purpose, tenant, cancellationToken);
        var pending = await verifications.BeginAsync(
            tx,
            purpose,
            tenant,
            flowKey,
            new ContactChangePayload(),
            ContactChangePayloadJson.Default.ContactChangePayload,
            message.Send(tx, user, key, flowKey.Subject, target, actor),
            new VerificationTarget(contact.Channel, index),
            key.Subject
        );
        await UserContacts.AwaitAsync(tx, user.Row, key, contact, pending);
        tx.Record(Record(actor, "contact-change.requested", purpose));
        await user.SaveAsync(tx);
        return ContactChangeView.Of(pending, contact, purpose, tx.Now);
    }

    private async Task<Outcome<ContactChangeView>> ResendAsync(
        Transaction tx,
        SubjectKey key,
        ContactChangeVerification purpose,
        Guid? id,
        Actor actor
    )
    {
        var tenant = actor.Tenant.Id;
        if (await FindAsync(tx, key, purpose, id, tenant) is not { } waiting)
            return purpose.NotFound;
        var step = await verifications.RenewAsync(tx, purpose, tenant, waiting.Verification);
        if (step.Rejection is { } rejection)
            return rejection;
        // Replaced or given up meanwhile.
        if (
            await LockedUser.LockAsync(tx, tenant, key.Subject) is not { } user
            || user.Row.OpenPending(key, purpose.Kind, tx.Now) != waiting
        )
            return purpose.NotFound;

        var pending = step.Pending!;
        var target = await TargetAsync(tx, user, purpose, waiting.Contact, pending.TargetIndex!);
        var hashes = message.Send(tx, user, key, pending.Id, target, actor);
        await verifications.IssueAsync(tx, purpose, tenant, pending.Id, pending.Sends, hashes, key.Subject);
        tx.Record(Record(actor, "contact-change.code-resent", purpose));
        await user.SaveAsync(tx);
        return ContactChangeView.Of(pending, waiting.Contact, purpose, tx.Now);
    }

    private async Task<Outcome<Confirmed>> ConfirmAsync(
        Transaction tx,
        SubjectKey key,
        ContactChangeVerification purpose,
        Guid? id,
        VerificationInput proof,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var outcome = await TryAsync(tx, key, purpose, id, proof, actor, cancellationToken);
        if (outcome.Error is { } error)
            tx.Record(Record(actor, "contact-change.refused", purpose).RefusedWith(error.Code).WithFact("method", proof.Method));
        return outcome;
    }

    private async Task<Outcome<Confirmed>> TryAsync(
        Transaction tx,
        SubjectKey key,
        ContactChangeVerification purpose,
        Guid? id,
        VerificationInput proof,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var tenant = actor.Tenant.Id;
        VerificationStep step;
        if (proof.Link is { } link)
        {
            step = await verifications.TryLinkAsync(tx, purpose, tenant, link, secretMatches: null);
            // Somebody else's link, opened in this session, is none.
            if (step.Pending is { } found && found.UserId != key.Subject)
                return VerificationErrors.LinkInvalid;
        }
        else if (await FindAsync(tx, key, purpose, id, tenant) is { } waiting)
            step = await verifications.TryAsync(tx, purpose, tenant, waiting.Verification, proof);
        else
            return purpose.NotFound;
        if (step.Rejection is { } rejection)
            return rejection;

        var user = await LockedUser.LockAsync(tx, tenant, key.Subject);
        var pending = user?.Row.OpenPending(key, purpose.Kind, tx.Now);
        // One that was replaced or given up proves nothing.
        if (user is not { Row.IsLockedOut: false } || pending?.Verification != step.Pending!.Id)
            return proof.Link is null ? purpose.NotFound : VerificationErrors.LinkInvalid;
        var change = new ProvedContact(pending.Contact, step.Pending.TargetIndex!, proof.Method);
        if (await contacts.SetAsync(tx, user, key, change, actor, cancellationToken) is { } taken)
            return taken;
        await verifications.CompleteAsync(tx, step.Pending);
        await user.SaveAsync(tx);
        await user.ReloadAsync(tx);
        return new Confirmed(step.Pending.Id, user.Row.View(key, tx.Now, pictures));
    }

    private static async Task<Outcome<Guid>> CancelAsync(Transaction tx, SubjectKey key, ContactChangeVerification purpose, Actor actor)
    {
        var user = await LockedUser.LockAsync(tx, actor.Tenant.Id, key.Subject);
        if (user?.Row.OpenPending(key, purpose.Kind, tx.Now) is not { } waiting)
            return purpose.NotFound;
        await UserContacts.GiveUpAsync(tx, user.Row, purpose.Kind);
        tx.Record(Record(actor, "contact-change.canceled", purpose));
        return waiting.Verification;
    }

    private static async Task<PendingContact?> FindAsync(
        Transaction tx,
        SubjectKey key,
        ContactChangeVerification purpose,
        Guid? id,
        Guid tenant
    )
    {
        var waiting = (await StoredUser.FindAsync(tx, tenant, key.Subject))?.OpenPending(key, purpose.Kind, tx.Now);
        return id is null || waiting?.Verification == id ? waiting : null;
    }

    private async Task<ContactChangeMessage.Target> TargetAsync(
        Transaction tx,
        LockedUser user,
        ContactChangeVerification purpose,
        IContact contact,
        BlindIndexEntry index
    ) =>
        new(
            purpose,
            contact,
            await UserContacts.IsOfAnotherAsync(tx, user.Row, contact.Kind, index),
            await verifications.TakeMessageAsync(
                tx,
                user.Row.TenantId,
                CodeQuota.ContactChange,
                BlindIndex.Version,
                index,
                options.CodesPerAddressAndDay
            )
        );

    private static AuditRecord Record(Actor actor, string action, ContactChangeVerification purpose) =>
        (AuditRecord.Of(actor, action) with { Subject = actor.RequiredUser.Id }).WithFact("channel", purpose.Kind);

    /// <param name="User">As it is now.</param>
    private sealed record Confirmed(Guid Verification, UserView User);
}

/// <summary>An address or number that its user has proved.</summary>
/// <param name="Method"><c>code</c> or <c>link</c>.</param>
internal sealed record ProvedContact(IContact Contact, BlindIndexEntry Index, string Method);
