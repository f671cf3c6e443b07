using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Organizations.Placement;

/// <summary>Looks up registration codes of active organizations.</summary>
internal sealed class RegistrationPlacement(Database database) : IRegistrationPlacement
{
    public async ValueTask<Guid?> FindByCodeAsync(Guid tenantId, string code, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            db =>
                db.FirstOrDefaultAsync<Guid?>(
                    """
                    select o.id from organizations.registration_codes c
                      join organizations.organizations o on o.tenant_id = c.tenant_id and o.id = c.organization_id
                     where c.tenant_id = @tenantId and c.code = @lower and o.state = 'active'
                    """,
                    new { tenantId, lower = code.ToLowerInvariant() }
                ),
            cancellationToken
        );

    public async ValueTask<bool> HasCodesAsync(Guid tenantId, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            db =>
                db.SingleAsync<bool>(
                    "select exists (select 1 from organizations.registration_codes where tenant_id = @tenantId)",
                    new { tenantId }
                ),
            cancellationToken
        );
}
