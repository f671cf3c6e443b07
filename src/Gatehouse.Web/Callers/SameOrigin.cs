using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>
/// Tells requests of our own pages from those that another site makes a browser send. A browser says where a request comes from (<c>Sec-Fetch-Site</c>,
/// or <c>Origin</c>), and no page can forge that; the custom header is what no form of another site can add.
/// </summary>
public static class SameOrigin
{
    /// <summary>The header that calls with cookies carry; its value does not matter.</summary>
    public const string Header = "Gatehouse-Request";

    /// <summary>Whether a state-changing call that rests on cookies may be believed.</summary>
    public static bool IsOwnCall(this HttpContext http) => http.Request.Headers[Header].Count == 1 && http.ComesFromHere();

    /// <summary>Whether a browser says that one of our own pages sent it. A request that says nothing is not believed.</summary>
    public static bool ComesFromHere(this HttpContext http)
    {
        var request = http.Request;
        var site = request.Headers["Sec-Fetch-Site"];
        var origin = request.Headers.Origin;
        var own = $"{request.Scheme}://{request.Host.Value}";
        // Our pages send no referrer, so browsers give the origin of their forms as "null"; what they say of the site is the better witness.
        if (site.Count > 0) return site.ToString() == "same-origin" && origin.ToString() is var named && (named is "" or "null" || named == own);
        return origin.ToString() == own;
    }

    /// <summary>
    /// Whether what the request has in its cookies counts. A call of another site is one of nobody: its cookies were not sent by who holds
    /// them. Pages prove by the token in their form that they are our own (<see cref="AntiforgeryMiddleware"/>).
    /// </summary>
    internal static bool MayUseCookies(this HttpContext http) =>
        http.Request.Headers.Authorization.Count == 0 && (!http.Request.ChangesState() || http.IsOwnCall() || http.HasMark<PageMark>());

    internal static bool ChangesState(this HttpRequest request) => ChangesState(request.Method);

    internal static bool ChangesState(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);
}
