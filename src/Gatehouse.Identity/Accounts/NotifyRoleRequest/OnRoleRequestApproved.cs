using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;

namespace Gatehouse.Identity.Accounts;

/// <summary>Tells the user that a request for a role was approved.</summary>
internal sealed class OnRoleRequestApproved(RoleRequestNotice notice) : ISubscriber<RoleRequestApprovedV1>
{
    public const string Name = "identity.notify-role-request-approved";

    public Task<Delivery> HandleAsync(
        RoleRequestApprovedV1 message,
        EventEnvelope envelope,
        Transaction tx,
        CancellationToken cancellationToken
    ) =>
        notice.RequestAsync(
            tx,
            envelope.TenantId,
            new RoleRequestNotice.Decision(message.UserId, IsApproved: true)
            {
                Role = message.Role,
                Organization = message.OrganizationName,
            },
            cancellationToken
        );
}
