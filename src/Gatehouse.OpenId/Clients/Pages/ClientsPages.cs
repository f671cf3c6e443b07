using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.OpenId.Clients;

/// <summary>The console's list of service accounts.</summary>
internal static class ClientsPages
{
    public const string Path = ConsolePaths.Clients;

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.clients",
        Group = ConsoleGroup.Access,
        Permission = ClientsArea.ReadClients,
        InWholeTenant = true,
        Order = 20,
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPages().MapGet(Path, (Delegate)ShowAsync).RequirePermission(ClientsArea.ReadClients);

    private static async Task<IResult> ShowAsync(ListClients.Handler clients, HttpContext http)
    {
        var text = http.Request.Query["q"].ToString();
        var listed = await clients.HandleAsync(text, PageInput.Of(http), http.Actor(), http.RequestAborted);
        // What cannot be read narrows nothing, and the page says so.
        var isBad = listed.Error is not null;
        if (isBad)
            listed = await clients.HandleAsync(text: null, PageInput.First, http.Actor(), http.RequestAborted);
        return listed.ToResult(page =>
            http.Page<ClientsPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(ClientsPage.Clients)] = page,
                    [nameof(ClientsPage.IsBad)] = isBad,
                }
            )
        );
    }
}
