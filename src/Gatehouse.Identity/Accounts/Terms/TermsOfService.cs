using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Web;

namespace Gatehouse.Identity.Accounts;

/// <summary>Asks nothing where a tenant has no terms. Who is gone by now owes none.</summary>
internal sealed class TermsOfService(Database database) : ITermsOfService
{
    public async ValueTask<bool> AreDueAsync(Actor actor, CancellationToken cancellationToken) =>
        actor.Tenant.Terms is { } terms
        && await database.QueryAsync(
            db =>
                db.SingleAsync<bool>(
                    """
                    select exists (select 1 from identity.users
                                    where tenant_id = @Tenant and id = @User and terms_version is distinct from @Version)
                    """,
                    new
                    {
                        Tenant = actor.Tenant.Id,
                        User = actor.RequiredUser.Id,
                        terms.Version,
                    }
                ),
            cancellationToken
        );
}
