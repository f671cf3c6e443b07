using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Placement;

/// <summary>
/// Makes a new user a member of the organization whose registration code they gave, else of the one that has the domain of their verified
/// address. An organization that is not active meanwhile gets nobody.
/// <para>Publishes <c>user.roles-changed.v1</c> if there is one.</para>
/// </summary>
internal sealed class OnUserRegistered(IUserKeys keys) : ISubscriber<UserRegisteredV1>
{
    public const string Name = "organizations.place-user";

    public async Task<Delivery> HandleAsync(
        UserRegisteredV1 message,
        EventEnvelope envelope,
        Transaction tx,
        CancellationToken cancellationToken
    )
    {
        var tenant = envelope.TenantId;
        var byCode = message.OrganizationId is { } named && await OrganizationRow.HoldActiveAsync(tx, tenant, named);
        var organization = byCode ? message.OrganizationId : await FindByDomainAsync(tx, tenant, message, cancellationToken);
        if (organization is not { } home)
            return Delivery.Done;
        await Memberships.LockAsync(tx, message.UserId);
        if (!await Memberships.JoinAsync(tx, tenant, home, message.UserId))
            return Delivery.Done;
        tx.Record(
            new AuditRecord(tenant, "member.added") { Subject = message.UserId }
                .WithFact("organization", home.ToString())
                .WithFact("by", byCode ? "registration-code" : "email-domain")
        );
        await Memberships.PublishAsync(tx, tenant, message.UserId);
        return Delivery.Done;
    }

    private async Task<Guid?> FindByDomainAsync(Transaction tx, Guid tenant, UserRegisteredV1 message, CancellationToken cancellationToken)
    {
        if (
            !await tx.SingleAsync<bool>(
                "select exists (select 1 from organizations.email_domains where tenant_id = @tenant)",
                new { tenant }
            )
        )
            return null;
        var personal = await keys.OpenAsync(message.Personal, cancellationToken);
        if (personal?.Email is not { } email)
            return null;
        return await tx.FirstOrDefaultAsync<Guid?>(
            """
            select o.id from organizations.email_domains d
              join organizations.organizations o on o.tenant_id = d.tenant_id and o.id = d.organization_id
             where d.tenant_id = @tenant and d.domain = @domain and o.state = 'active' for share of o
            """,
            new { tenant, domain = email[(email.LastIndexOf('@') + 1)..].ToLowerInvariant() }
        );
    }
}
