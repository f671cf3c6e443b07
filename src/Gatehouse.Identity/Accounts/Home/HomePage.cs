using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Accounts;

/// <summary>The start page: whoever is signed in goes on to the own account, everybody else chooses.</summary>
internal static class HomePage
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapGet(
                "/",
                (HttpContext http) =>
                    http.Actor().User is null
                        ? http.Page<Home>(new Dictionary<string, object?>(StringComparer.Ordinal))
                        : http.SeeOther(LocalPath.Account)
            )
            .AllowAnonymous()
            // A program that Gatehouse is built into may have a start page of its own.
            .WithOrder(1);
}
