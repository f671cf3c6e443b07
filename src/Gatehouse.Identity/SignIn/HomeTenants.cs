using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;

namespace Gatehouse.Identity.SignIn;

/// <summary>A session belongs to its own tenant and follows that tenant's settings, wherever its user acts.</summary>
internal sealed class HomeTenants(ITenantDirectory tenants)
{
    public async ValueTask<Actor> OfAsync(Actor actor, CancellationToken cancellationToken) =>
        actor.HomeTenantId is { } own && await tenants.FindAsync(own, cancellationToken) is { } home
            ? actor with
            {
                Tenant = home,
                HomeTenantId = null,
            }
            : actor;
}
