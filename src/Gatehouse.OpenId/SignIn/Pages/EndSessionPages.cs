using Gatehouse.Core.Postgres;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.SignIn;

/// <summary>Asks a user whether to sign out, where an application says so without proof that it is about this user.</summary>
internal static class EndSessionPages
{
    public const string Path = BrowserPaths.EndSession + "/confirm";
    public const string DonePath = "/signed-out";
    public const string QueryField = "query";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapPages();
        group.MapGet(Path, ShowAsync).AllowAnonymous();
        group.MapPost(Path, (IApplicationSessions sessions, HttpContext http) => EndAsync(sessions, http)).AllowAnonymous().FormOf(Path);
    }

    private static async Task<RazorComponentResult> ShowAsync(
        Database database,
        IApplicationSessions sessions,
        Issuers issuers,
        HttpContext http
    )
    {
        // The form may lead there, if the address is the client's: this page has an address of its own, which anybody can write.
        if (await FindReturnAsync(database, sessions, issuers, http) is { } address)
            http.Features.Set(ContentPolicy.PageTo(address));
        return http.Page<EndSessionPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(EndSessionPage.Query)] = http.Request.QueryString.ToUriComponent(),
            }
        );
    }

    private static async Task<Uri?> FindReturnAsync(Database database, IApplicationSessions sessions, Issuers issuers, HttpContext http)
    {
        var query = http.Request.Query;
        if (!Uri.TryCreate(query[Parameters.PostLogoutRedirectUri], UriKind.Absolute, out var address))
            return null;
        var hint = query[Parameters.IdTokenHint] is [{ Length: > 0 } token]
            ? await sessions.ReadIdTokenAsync(token, (await issuers.OfAsync(http)).Url, http.RequestAborted)
            : null;
        var id = hint?.Audience ?? query[Parameters.ClientId].ToString();
        if (id.Length is 0 or > 256 || id.Any(char.IsControl))
            return null;
        var client = await database.QueryAsync(db => ClientRow.FindByClientIdAsync(db, http.Actor().Tenant.Id, id), http.RequestAborted);
        return client is { DisabledAt: null, SignIn: { } settings } && settings.MayReturnTo(query[Parameters.PostLogoutRedirectUri]!)
            ? address
            : null;
    }

    private static async Task<IResult> EndAsync(IApplicationSessions sessions, HttpContext http)
    {
        if (http.Actor().User is { } user)
            await sessions.EndAsync(user.Id, user.SessionId, SessionEnding.SignedOut, http.Actor(), CancellationToken.None);
        http.SignOut();
        var query = new QueryString(http.Request.Form[QueryField].ToString() is { Length: > 1 } typed && typed[0] == '?' ? typed : "");
        http.Response.Headers.Location = query.HasValue ? BrowserPaths.EndSession + query.ToUriComponent() : DonePath;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
