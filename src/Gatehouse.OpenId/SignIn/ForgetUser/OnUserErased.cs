using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;

namespace Gatehouse.OpenId.SignIn;

/// <summary>Forgets what an erased user allowed applications. Grants end, and are removed once their applications were told of it.
/// Repeating it changes nothing.</summary>
internal sealed class OnUserErased : ISubscriber<UserErasedV1>
{
    public const string Name = "openid.forget-user";

    public async Task<Delivery> HandleAsync(
        UserErasedV1 message,
        EventEnvelope envelope,
        Transaction tx,
        CancellationToken cancellationToken
    )
    {
        var user = new
        {
            envelope.TenantId,
            message.UserId,
            tx.Now,
        };
        await tx.ExecuteAsync("delete from openid.consents where tenant_id = @TenantId and user_id = @UserId", user);
        await tx.ExecuteAsync(
            """
            update openid.grants set ends_at = least(ends_at, @Now), code_expires_at = least(code_expires_at, @Now)
             where tenant_id = @TenantId and user_id = @UserId
            """,
            user
        );
        return Delivery.Done;
    }
}
