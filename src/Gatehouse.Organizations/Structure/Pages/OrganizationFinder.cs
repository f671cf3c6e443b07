using System.Globalization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Web;
using Gatehouse.Web.Admin;

namespace Gatehouse.Organizations.Structure;

/// <summary>Finds organizations for the console's box: by id exactly, by name and code otherwise.</summary>
internal sealed class OrganizationFinder(ListOrganizations.Handler organizations, GetOrganization.Handler one) : IConsoleFinder
{
    public string Entry => OrganizationsPages.Path;

    public Permission Permission => StructureArea.ReadOrganizations;

    public async Task<IReadOnlyList<ConsoleHit>> FindAsync(string text, int limit, Actor actor, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(text, out var id))
            return await one.HandleAsync(id, actor, cancellationToken) is { Error: null, Value: var row }
                ? [Hit(row.View(), isExact: true)]
                : [];
        var wanted = new ListOrganizations.Filter { Text = text };
        var found = await organizations.HandleAsync(
            wanted,
            new PageInput { Limit = limit.ToString(CultureInfo.InvariantCulture) },
            actor,
            cancellationToken
        );
        return found.Match<IReadOnlyList<ConsoleHit>>(page => [.. page.Items.Select(view => Hit(view, isExact: false))], _ => []);
    }

    private static ConsoleHit Hit(OrganizationView view, bool isExact) =>
        new()
        {
            Id = view.Id,
            Path = OrganizationPages.PathOf(view.Id),
            Name = view.Name,
            Detail = view.Code,
            IsExact = isExact,
        };
}
