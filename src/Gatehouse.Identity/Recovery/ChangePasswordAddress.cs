using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Recovery;

/// <summary>
/// The address under which password managers look for the page where a password is changed (W3C, A Well-Known URL for Changing Passwords).
/// Signed in or not, that is the page which sends a code to the own address.
/// </summary>
internal static class ChangePasswordAddress
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/.well-known/change-password", (HttpContext http) => http.SeeOther(ForgotPage.Path))
            .ExcludeFromDescription()
            .AllowAnonymous();
}
