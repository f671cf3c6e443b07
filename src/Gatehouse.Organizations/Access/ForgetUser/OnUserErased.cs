using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;

namespace Gatehouse.Organizations.Access;

/// <summary>Forgets where an erased user belonged, with which roles, and what the user asked for. Repeating it changes nothing.</summary>
internal sealed class OnUserErased : ISubscriber<UserErasedV1>
{
    public const string Name = "organizations.forget-user";

    private static readonly string[] Tables = ["organizations.role_assignments", "organizations.members", "organizations.role_requests"];

    public async Task<Delivery> HandleAsync(
        UserErasedV1 message,
        EventEnvelope envelope,
        Transaction tx,
        CancellationToken cancellationToken
    )
    {
        foreach (var table in Tables)
            await tx.ExecuteAsync(
                $"delete from {table} where tenant_id = @TenantId and user_id = @UserId",
                new { envelope.TenantId, message.UserId }
            );
        return Delivery.Done;
    }
}
