using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Domains;
using Gatehouse.Organizations.Placement;
using Gatehouse.Organizations.RoleRequests;
using Gatehouse.Organizations.Settings;
using Gatehouse.Organizations.Structure;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web.Modules;

namespace Gatehouse.Organizations;

/// <summary>Tenants, organizations, roles and permissions: who may do what, and where.</summary>
public sealed class OrganizationsModule : IModule
{
    public string Name => "organizations";

    public IReadOnlyList<IArea> Areas { get; } =
    [
        new TenantsArea(),
        new DomainsArea(),
        new SettingsArea(),
        new AccessArea(),
        new StructureArea(),
        new PlacementArea(),
        new RoleRequestsArea(),
    ];
}
