using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Recovery;

/// <summary>Begins password resets: those that somebody asks for, and those that an administrator causes.</summary>
internal sealed class PasswordResets(Verifications verifications, ResetVerification purpose, BlindIndex blindIndex)
{
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
