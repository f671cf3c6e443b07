using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Access;

/// <summary>Tells other modules which permissions there are.</summary>
internal sealed class PermissionDirectory(Database database, KnownPermissions permissions) : IPermissionDirectory
{
    public async ValueTask<IReadOnlyDictionary<string, Permission>> FindAsync(
        IReadOnlyCollection<string> names,
        CancellationToken cancellationToken
    )
    {
        var known = await database.QueryAsync(permissions.ReadAsync, cancellationToken);
        return names.Select(known.Find).OfType<Permission>().DistinctBy(p => p.Name).ToDictionary(p => p.Name, StringComparer.Ordinal);
    }
}

/// <summary>Tells other modules which organizations there are.</summary>
internal sealed class OrganizationDirectory(Database database) : IOrganizationDirectory
{
    public async ValueTask<bool> IsActiveAsync(Guid tenantId, Guid organizationId, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            db =>
                db.SingleAsync<bool>(
                    """
                    select exists (select 1 from organizations.organizations
                                    where tenant_id = @tenantId and id = @organizationId and state = 'active')
                    """,
                    new { tenantId, organizationId }
                ),
            cancellationToken
        );
}

/// <summary>Tells other modules which organizations users belong to.</summary>
internal sealed class MembershipDirectory(Database database) : IMembershipDirectory
{
    public async ValueTask<IReadOnlySet<Guid>> OrganizationsAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken) =>
        (
            await database.QueryAsync(
                db =>
                    db.ListAsync<Guid>(
                        "select organization_id from organizations.members where tenant_id = @tenantId and user_id = @userId",
                        new { tenantId, userId }
                    ),
                cancellationToken
            )
        ).ToHashSet();
}
