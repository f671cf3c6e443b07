using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;

namespace Gatehouse.Identity.Accounts;

/// <summary>Tells the user that a request for a role was rejected.</summary>
internal sealed class OnRoleRequestRejected(RoleRequestNotice notice) : ISubscriber<RoleRequestRejectedV1>
{
    public const string Name = "identity.notify-role-request-rejected";

    public Task<Delivery> HandleAsync(
        RoleRequestRejectedV1 message,
        EventEnvelope envelope,
        Transaction tx,
        CancellationToken cancellationToken
    ) =>
        notice.RequestAsync(
            tx,
            envelope.TenantId,
            new RoleRequestNotice.Decision(message.UserId, IsApproved: false)
            {
                Role = message.Role,
                Organization = message.OrganizationName,
            },
            cancellationToken
        );
}
