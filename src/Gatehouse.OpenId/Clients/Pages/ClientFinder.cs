using System.Globalization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Web;
using Gatehouse.Web.Admin;

namespace Gatehouse.OpenId.Clients;

/// <summary>Finds service accounts for the console's box: by id and client_id exactly, by a part of the name otherwise.</summary>
internal sealed class ClientFinder(ListClients.Handler clients, GetClient.Handler one) : IConsoleFinder
{
    public string Entry => ClientsPages.Path;

    public Permission Permission => ClientsArea.ReadClients;

    public async Task<IReadOnlyList<ConsoleHit>> FindAsync(string text, int limit, Actor actor, CancellationToken cancellationToken)
    {
        // Held in some organization only, it shows none.
        if (!actor.RequiredAccess.Allows(Permission.Name))
            return [];
        if (Guid.TryParse(text, out var id))
            return await one.HandleAsync(id, actor, cancellationToken) is { Error: null, Value: var found }
                ? [Hit(found.View, isExact: true)]
                : [];
        var asked = new PageInput { Limit = limit.ToString(CultureInfo.InvariantCulture) };
        var listed = await clients.HandleAsync(text, asked, actor, cancellationToken);
        return listed.Match<IReadOnlyList<ConsoleHit>>(page => [.. page.Items.Select(view => Hit(view, view.ClientId == text))], _ => []);
    }

    private static ConsoleHit Hit(ClientView view, bool isExact) =>
        new()
        {
            Id = view.Id,
            Path = ClientPages.PathOf(view.Id),
            Name = view.Name,
            Detail = view.ClientId,
            IsExact = isExact,
        };
}
