using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Keeps where a user belongs and with which roles (<c>identity.memberships</c>). Each event has the whole state, so repeating it changes
/// nothing. A user without a role in the whole tenant has no row for it.
/// </summary>
internal sealed class OnUserRolesChanged : ISubscriber<UserRolesChangedV1>
{
    public const string Name = "identity.keep-memberships";

    /// <summary>The <c>organization_id</c> of roles in the whole tenant.</summary>
    public static readonly Guid WholeTenant = Guid.Empty;

    public async Task<Delivery> HandleAsync(
        UserRolesChangedV1 message,
        EventEnvelope envelope,
        Transaction tx,
        CancellationToken cancellationToken
    )
    {
        var rows = message.Memberships.Select(m => (m.OrganizationId, m.Roles)).ToList();
        if (message.Roles.Count > 0)
            rows.Add((WholeTenant, message.Roles));
        await tx.ExecuteAsync(
            """
            delete from identity.memberships
             where tenant_id = @TenantId and user_id = @UserId and organization_id <> all(@organizations)
            """,
            new
            {
                envelope.TenantId,
                message.UserId,
                organizations = rows.Select(r => r.OrganizationId).ToArray(),
            }
        );
        foreach (var (organization, roles) in rows)
            await tx.ExecuteAsync(
                """
                insert into identity.memberships (tenant_id, user_id, organization_id, roles)
                values (@TenantId, @UserId, @organization, @roles)
                on conflict on constraint memberships_pkey do update set roles = excluded.roles
                """,
                new
                {
                    envelope.TenantId,
                    message.UserId,
                    organization,
                    roles = roles.ToArray(),
                }
            );
        return Delivery.Done;
    }
}
