using Gatehouse.Contracts.Events;
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

namespace Gatehouse.Identity.Credentials;

/// <summary>
/// Sets and removes addresses and numbers, within the caller's transaction and under the lock of the user's row. One constraint decides
/// who gets an address that several have proved.
/// <para>Publishes <c>user.email-changed.v1</c> and <c>user.phone-changed.v1</c>.</para>
/// </summary>
internal sealed class UserContacts(EmailUndos undos, ContactNotices notices, ContactFactors factors)
{
    /// <summary>Puts the proved address or number in force, if it still is to be had and the former one need not stay as second
    /// factor.</summary>
    /// <returns>Null if it was; nothing was changed otherwise.</returns>
    public async Task<Error?> SetAsync(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        ProvedContact proved,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        if (await ContactFactors.MayGoAsync(tx, user.Row, proved.Contact.Kind, actor.Tenant.Settings) is { } held)
            return held;
        if (!await TakeAsync(tx, user.Row, proved.Contact.Kind, proved.Index))
            return AccountsErrors.Taken(proved.Contact);
        await factors.DropAsync(tx, user, key, proved.Contact.Kind, actor);
        if (proved.Contact is EmailAddress email)
            await SetEmailAsync(tx, user, key, email, proved, actor, cancellationToken);
        else
            await SetPhoneAsync(tx, user, key, (PhoneNumber)proved.Contact, proved, actor);
        return null;
    }

    /// <returns>Why the number has to stay; null if it was removed.</returns>
    public async Task<Error?> RemovePhoneAsync(Transaction tx, LockedUser user, SubjectKey key, Actor actor)
    {
        if (await ContactFactors.MayGoAsync(tx, user.Row, Users.PhoneKind, actor.Tenant.Settings) is { } held)
            return held;
        await factors.DropAsync(tx, user, key, Users.PhoneKind, actor);
        await ReleaseAsync(tx, user.Row, Users.PhoneKind, except: null);
        await StorePhoneAsync(tx, user.Row, phone: null);
        PublishPhone(tx, user, key, phone: null, "removed");
        tx.Record(AuditRecord.Of(actor, "user.phone-removed") with { Subject = user.Row.Id });
        notices.PhoneChanged(tx, user, key, phone: null, actor);
        return null;
    }

    /// <summary>Takes a number away that somebody else may have set. A reset that begins with it is not void.</summary>
    public async Task TakePhoneAwayAsync(Transaction tx, LockedUser user, SubjectKey key, Actor actor)
    {
        await factors.DropAsync(tx, user, key, Users.PhoneKind, actor);
        await ReleaseAsync(tx, user.Row, Users.PhoneKind, except: null);
        await tx.ExecuteAsync(
            """
            update identity.users set phone = null, phone_verified_at = null, phone_changed_at = @before
             where tenant_id = @TenantId and id = @Id
            """,
            new
            {
                before = tx.Now.AddMicroseconds(-1),
                user.Row.TenantId,
                user.Row.Id,
            }
        );
        PublishPhone(tx, user, key, phone: null, "removed");
    }

    /// <summary>Whether somebody else has it, or may have it back.</summary>
    public static Task<bool> IsOfAnotherAsync(DbSession db, StoredUser user, string kind, BlindIndexEntry index) =>
        db.SingleAsync<bool>(
            """
            select exists (select 1 from identity.identifiers
                            where tenant_id = @TenantId and kind = @kind and index_version = @Version and blind_index = @index
                              and user_id <> @Id)
            """,
            new
            {
                user.TenantId,
                kind,
                BlindIndex.Version,
                index,
                user.Id,
            }
        );

    /// <summary>Lets it wait for its proof, instead of what waited before.</summary>
    public static Task AwaitAsync(Transaction tx, StoredUser user, SubjectKey key, IContact contact, PendingVerification pending) =>
        tx.ExecuteAsync(
            contact is EmailAddress
                ? """
                update identity.users set new_email = @sealed, new_email_verification = @verification, new_email_until = @ExpiresAt
                 where tenant_id = @TenantId and id = @user
                """
                : """
                update identity.users set new_phone = @sealed, new_phone_verification = @verification, new_phone_until = @ExpiresAt
                 where tenant_id = @TenantId and id = @user
                """,
            new
            {
                @sealed = contact is EmailAddress email ? key.Encrypt(email).ToStored() : key.Encrypt((PhoneNumber)contact).ToStored(),
                verification = pending.Id,
                pending.ExpiresAt,
                user.TenantId,
                user = user.Id,
            }
        );

    /// <summary>Nothing of this kind waits any more.</summary>
    public static Task GiveUpAsync(Transaction tx, StoredUser user, string kind) =>
        tx.ExecuteAsync(
            kind == Users.EmailKind
                ? """
                update identity.users set new_email = null, new_email_verification = null, new_email_until = null
                 where tenant_id = @TenantId and id = @Id
                """
                : """
                update identity.users set new_phone = null, new_phone_verification = null, new_phone_until = null
                 where tenant_id = @TenantId and id = @Id
                """,
            new { user.TenantId, user.Id }
        );

    /// <summary>Makes it lead to the user, unless it is somebody else's or reserved for somebody else.</summary>
    public static async Task<bool> TakeAsync(Transaction tx, StoredUser user, string kind, BlindIndexEntry index) =>
        await tx.ExecuteAsync(
            """
            insert into identity.identifiers as i (tenant_id, kind, index_version, blind_index, user_id)
            values (@TenantId, @kind, @Version, @index, @Id)
            on conflict on constraint identifiers_taken do update set user_id = excluded.user_id, reserved_until = null
             where i.user_id = excluded.user_id or i.reserved_until <= @Now
            """,
            new
            {
                user.TenantId,
                kind,
                BlindIndex.Version,
                index,
                user.Id,
                tx.Now,
            }
        ) == 1;

    /// <summary>Nothing of this kind leads to the user any more but what is excepted; what is reserved stays so.</summary>
    public static Task ReleaseAsync(Transaction tx, StoredUser user, string kind, BlindIndexEntry? except) =>
        tx.ExecuteAsync(
            """
            delete from identity.identifiers
             where tenant_id = @TenantId and user_id = @Id and kind = @kind and reserved_until is null
               and blind_index is distinct from @except::bytea
            """,
            new
            {
                user.TenantId,
                user.Id,
                kind,
                except,
            }
        );

    public static void PublishEmail(Transaction tx, LockedUser user, SubjectKey key, EmailAddress email, string reason) =>
        user.Publish(
            tx,
            new UserEmailChangedV1
            {
                UserId = user.Row.Id,
                Reason = reason,
                Personal = key.Seal(new ContactChangeV1 { Old = user.Row.OpenEmail(key)?.Delivery, New = email.Delivery }),
            }
        );

    public static void PublishPhone(Transaction tx, LockedUser user, SubjectKey key, PhoneNumber? phone, string reason) =>
        user.Publish(
            tx,
            new UserPhoneChangedV1
            {
                UserId = user.Row.Id,
                Reason = reason,
                Personal = key.Seal(new ContactChangeV1 { Old = user.Row.OpenPhone(key)?.Delivery, New = phone?.Delivery }),
            }
        );

    public static Task StorePhoneAsync(Transaction tx, StoredUser user, EncryptedValue<PhoneNumber>? phone) =>
        tx.ExecuteAsync(
            """
            update identity.users set phone = @phone, phone_verified_at = case when @phone::bytea is null then null else @Now end,
                   phone_changed_at = @Now, new_phone = null, new_phone_verification = null, new_phone_until = null
             where tenant_id = @TenantId and id = @Id
            """,
            new
            {
                phone,
                tx.Now,
                user.TenantId,
                user.Id,
            }
        );

    private async Task SetEmailAsync(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        EmailAddress email,
        ProvedContact proved,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var former = user.Row.OpenContact(key, Users.EmailKind) is EmailAddress verified && verified != email ? verified : null;
        var undo = former is null ? null : await undos.BeginAsync(tx, user, key, former, actor, cancellationToken);
        await ReleaseAsync(tx, user.Row, Users.EmailKind, proved.Index);
        await tx.ExecuteAsync(
            """
            update identity.users set email = @email, email_verified_at = @Now,
                   email_changed_at = case when @replaces then @Now else email_changed_at end,
                   new_email = null, new_email_verification = null, new_email_until = null
             where tenant_id = @TenantId and id = @Id
            """,
            new
            {
                email = key.Encrypt(email),
                tx.Now,
                replaces = former is not null,
                user.Row.TenantId,
                user.Row.Id,
            }
        );
        PublishEmail(tx, user, key, email, former is null ? "added" : "changed");
        tx.Record((AuditRecord.Of(actor, "user.email-changed") with { Subject = user.Row.Id }).WithFact("method", proved.Method));
        notices.EmailChanged(tx, user, key, email, former, undo, actor);
    }

    private async Task SetPhoneAsync(Transaction tx, LockedUser user, SubjectKey key, PhoneNumber phone, ProvedContact proved, Actor actor)
    {
        await ReleaseAsync(tx, user.Row, Users.PhoneKind, proved.Index);
        await StorePhoneAsync(tx, user.Row, key.Encrypt(phone));
        PublishPhone(tx, user, key, phone, user.Row.Phone is null ? "added" : "changed");
        tx.Record((AuditRecord.Of(actor, "user.phone-changed") with { Subject = user.Row.Id }).WithFact("method", proved.Method));
        notices.PhoneChanged(tx, user, key, phone, actor);
    }
}
