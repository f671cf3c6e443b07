using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.OpenId.Clients;

/// <summary>One service account: what it may do, where, and its secrets. A new one is shown here once.</summary>
internal sealed class ClientPages(GetClient.Handler clients, IPermissionDirectory permissions, HttpOptions options, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapGet(ClientsPages.Path + "/{id:guid}", (Guid id, ClientPages pages, HttpContext http) => pages.ShowAsync(id, http))
            .RequirePermission(ClientsArea.ReadClients);

    public static string PathOf(Guid id) => ConsolePaths.Client(id);

    /// <summary>Whether the actor may change it: whoever may do less than it does may not.</summary>
    public static bool MayChange(FoundClient client, Actor actor) =>
        ClientRules.Covers(actor.RequiredAccess, new Grant(client.Row.Scopes, client.Row.Where) { IsPlatform = client.Row.IsPlatform });

    private async Task<IResult> ShowAsync(Guid id, HttpContext http)
    {
        var actor = http.Actor();
        var found = await clients.HandleAsync(id, actor, http.RequestAborted);
        if (found.Error is { } error)
            return error.ToProblem();
        var view = found.Value.View;
        var known = await permissions.FindAsync([.. view.Scopes], http.RequestAborted);
        var organization = view.OrganizationId is { } where ? await http.HitsAsync(ConsolePaths.Organizations, where.ToString()) : [];
        return http.Page<ClientPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ClientPage.Client)] = view,
                [nameof(ClientPage.Organization)] = organization.Count == 1 ? organization[0] : null,
                [nameof(ClientPage.Groups)] = PermissionWords.Groups(view.Scopes, name => known.GetValueOrDefault(name)?.Description, http),
                [nameof(ClientPage.MayChange)] = MayChange(found.Value, actor),
                [nameof(ClientPage.Secret)] = ShownSecret.Take(http, id),
                [nameof(ClientPage.TokenAddress)] = options.LinkBase(actor.Tenant) + Authorization.OAuthEndpoints.Token,
                [nameof(ClientPage.Now)] = clock.GetUtcNow(),
            }
        );
    }
}
