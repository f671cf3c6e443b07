using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>
/// Tells requests of our own pages from those that another site makes a browser send. What proves a request to be our own is the token in
/// its form, or the custom header, which no form of another site can add. What the browser says of the sender (<c>Sec-Fetch-Site</c>,
/// <c>Origin</c>) can only speak against it: older browsers say nothing, and privacy settings make the origin <c>null</c>.
/// </summary>
public static class SameOrigin
{
    /// <summary>The header that calls with cookies carry; its value does not matter.</summary>
    public const string Header = "Gatehouse-Request";

    /// <summary>Whether a state-changing call that rests on cookies may be believed: it comes from a page of ours, or of an origin that may
    /// send cookies.</summary>
    public static bool IsOwnCall(this HttpContext http) =>
        http.Request.Headers[Header].Count == 1 && (!http.IsFromElsewhere() || http.IsFromCredentialOrigin());

    /// <summary>Whether the browser says that another site sent it.</summary>
    internal static bool IsFromElsewhere(this HttpContext http)
    {
        var request = http.Request;
        var origins = request.Headers.Origin;
        if (origins.Count > 1 || request.Headers["Sec-Fetch-Site"].Any(site => site is "cross-site" or "same-site"))
            return true;
        return origins.Count == 1 && origins.ToString() is not ("" or "null") && !IsOwn(http, WebOrigin.Parse(origins.ToString()));
    }

    /// <summary>
    /// Whether what the request has in its cookies counts. A call of another site is one of nobody: its cookies were not sent by who holds
    /// them. Pages prove by the token in their form that they are our own (<see cref="AntiforgeryMiddleware"/>).
    /// </summary>
    internal static bool MayUseCookies(this HttpContext http) =>
        http.Request.Headers.Authorization.Count == 0 && (!http.Request.ChangesState() || http.IsOwnCall() || http.HasMark<PageMark>());

    internal static bool ChangesState(this HttpRequest request) => ChangesState(request.Method);

    internal static bool ChangesState(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    // The address that the request names, as far as the proxies in front tell it, and the one that users are told to use. A tenant's domain
    // is reached by the same scheme, whether or not a proxy says so.
    private static bool IsOwn(HttpContext http, WebOrigin? origin) =>
        origin is not null
        && (
            origin == WebOrigin.Parse($"{http.Request.Scheme}://{http.Request.Host.Value}")
            || (
                http.RequestServices.GetService<HttpOptions>()?.PublicUrl is { } configured
                && (origin == WebOrigin.Of(configured) || origin == WebOrigin.Parse($"{configured.Scheme}://{http.Request.Host.Value}"))
            )
        );

    private static bool IsFromCredentialOrigin(this HttpContext http) =>
        http.Request.Headers.Origin is { Count: 1 } origin
        && http.RequestServices.GetRequiredService<CrossOriginOptions>().AllowsCredentials(origin.ToString());
}
