using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Credentials;

/// <summary>The link that brings a former address back. It has no code, and is sent once.</summary>
internal sealed class EmailUndoVerification : VerificationPurpose
{
    public override string Name => "email-undo";

    public override int CodeDigits => 8;

    public override TimeSpan CodeLifetime => TimeSpan.FromMinutes(10);

    public override int Attempts => 1;

    public override int MaxSends => 1;

    public override TimeSpan Lifetime => ChangeRules.UndoWindow;

    public override Error NotFound => CredentialsErrors.ChangeNotFound;

    public override Error Completed => CredentialsErrors.ChangeCompleted;
}

/// <summary>
/// Former addresses: each is reserved for as long as its link works, so that nobody else can have taken it when the owner comes back.
/// </summary>
internal sealed class EmailUndos(Verifications verifications, EmailUndoVerification purpose, BlindIndex blindIndex)
{
    /// <summary>Keeps and reserves the address that is in force until now.</summary>
    public async Task<LinkToken> BeginAsync(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        EmailAddress former,
        Actor actor,
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
            new EmailUndoPayload(),
            EmailUndoPayloadJson.Default.EmailUndoPayload,
            issued.Hashes.WithoutCode(),
            target: null,
            user.Row.Id
        );
        await tx.ExecuteAsync(
            """
            with kept as (
                insert into identity.former_emails (tenant_id, user_id, id, email, index_version, blind_index, changed_at, changed_before,
                                                    ends_at)
                values (@tenant, @user, @id, @email, @Version, @index, @Now, @before, @ExpiresAt))
            update identity.identifiers set reserved_until = @ExpiresAt
             where tenant_id = @tenant and kind = @kind and index_version = @Version and blind_index = @index and user_id = @user
            """,
            new
            {
                tenant,
                user = user.Row.Id,
                id = pending.Id,
                email = key.Encrypt(former),
                BlindIndex.Version,
                index = blindIndex.Compute(tenant, former.Kind, former.Canonical),
                tx.Now,
                before = user.Row.EmailChangedAt,
                pending.ExpiresAt,
                kind = former.Kind,
            }
        );
        return issued.Link;
    }

    /// <summary>Takes the former address out, and with it those that were in force after it: they are reserved no longer.</summary>
    /// <returns>Null where an earlier change was undone before.</returns>
    public static async Task<FormerEmail?> TakeAsync(Transaction tx, StoredUser user, Guid id)
    {
        var gone = await tx.ListAsync<FormerEmail>(
            """
            delete from identity.former_emails
             where tenant_id = @TenantId and user_id = @Id
               and changed_at >= (select changed_at from identity.former_emails
                                   where tenant_id = @TenantId and user_id = @Id and id = @verification)
            returning id, email, blind_index, changed_at, changed_before
            """,
            new
            {
                user.TenantId,
                user.Id,
                verification = id,
            }
        );
        return gone.SingleOrDefault(one => one.Id == id);
    }

    /// <summary>What no link leads back to is free.</summary>
    public static Task FreeAsync(Transaction tx, StoredUser user) =>
        tx.ExecuteAsync(
            """
            delete from identity.identifiers
             where tenant_id = @TenantId and user_id = @Id and kind = @kind and reserved_until is not null
               and blind_index not in (select blind_index from identity.former_emails where tenant_id = @TenantId and user_id = @Id)
            """,
            new
            {
                user.TenantId,
                user.Id,
                kind = Users.EmailKind,
            }
        );
}

/// <summary>An address that was in force before.</summary>
internal sealed class FormerEmail
{
    public Guid Id { get; init; }

    public EncryptedValue<EmailAddress> Email { get; init; } = null!;

    public BlindIndexEntry BlindIndex { get; init; } = null!;

    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>When the address had been changed before that; null for never.</summary>
    public DateTimeOffset? ChangedBefore { get; init; }
}

/// <summary>What such a verification keeps beside its user: nothing.</summary>
internal sealed record EmailUndoPayload;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EmailUndoPayload))]
internal sealed partial class EmailUndoPayloadJson : JsonSerializerContext;
