using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Recovery;

/// <summary>Takes passwords away, and begins resets: those that somebody asks for, and those that are caused.</summary>
internal sealed class PasswordResets(Verifications verifications, ResetVerification purpose, BlindIndex blindIndex)
{
    /// <summary>No password signs in until another one is chosen. Resets that were begun before are void, and all devices are
    /// unknown.</summary>
    public static async Task RemovePasswordAsync(Transaction tx, LockedUser user)
    {
        await tx.ExecuteAsync(
            """
            update identity.users set password_hash = null, password_is_short = false, password_changed_at = @before
             where tenant_id = @TenantId and id = @Id
            """,
            new
            {
                // A moment before the reset that begins with it, which is not void.
                before = tx.Now.AddMicroseconds(-1),
                user.Row.TenantId,
                user.Row.Id,
            }
        );
        user.Publish(
            tx,
            new CredentialChangedV1
            {
                UserId = user.Row.Id,
                Credential = "password",
                Reason = "removed",
            }
        );
    }

    /// <param name="template">Of the mail.</param>
    public async Task<PendingVerification> BeginAsync(
        Transaction tx,
        Identifier identifier,
        string template,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var tenant = actor.Tenant.Id;
        var key = await verifications.CreateKeyAsync(tx, purpose, tenant, cancellationToken);
        var pending = await verifications.BeginAsync(
            tx,
            purpose,
            tenant,
            key,
            ResetPayload.Of(key, identifier, blindIndex, actor),
            ResetPayloadJson.Default.ResetPayload,
            IssuedHashes.None,
            target: null
        );
        SendResetMessage.Enqueue(tx, pending.Id, pending.Sends, actor, template);
        return pending;
    }
}
