using Gatehouse.Core.Actors;
using Gatehouse.Web.Admin;

namespace Gatehouse.Organizations.Structure;

/// <summary>On a user's page: the organizations of the user that the reader may see.</summary>
internal sealed class UserOrganizationsPart(OrganizationNames organizations) : IConsolePart
{
    public string Of => UserLinks.Users;

    public int Order => 10;

    public async Task<ConsoleFragment?> ShowAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        actor.RequiredAccess.AllowsSomewhere(StructureArea.ReadOrganizations.Name)
            ? ConsoleFragment.Of<UserOrganizations>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(UserOrganizations.Organizations)] = await organizations.OfUserAsync(actor, id, cancellationToken),
                }
            )
            : null;
}
