using Gatehouse.Core.Postgres;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.SignIn;

/// <summary>
/// Turns every form of an authorization request into the plain one: a reference into the request that was kept under it, for the browser
/// that began with it; a form into a query that is kept, because a form from elsewhere comes without the cookies that say who is signed in.
/// </summary>
internal sealed class AuthorizationEntry(AuthorizationFlow flow, Database database, TimeProvider clock)
{
    private const string Unknown = "This sign-in has expired or was used already. Go back to the application and begin again.";
    private const string Foreign = "This sign-in was begun in another browser.";

    /// <returns>What is wrong with it, for the page of errors; null for nothing.</returns>
    public async Task<string?> EnterAsync(HttpContext http)
    {
        if (HttpMethods.IsPost(http.Request.Method))
        {
            http.Request.QueryString = QueryString.Create(http.Request.Form);
            http.Request.Method = HttpMethods.Get;
            http.Features.Set(PostedRequest.Instance);
        }

        UseLocale(http);
        var references = http.Request.Query[Parameters.RequestUri];
        if (references.Count != 1 || !references[0]!.StartsWith(PendingRequest.Urn, StringComparison.Ordinal))
            return null;
        if (
            await flow.FindAsync(http, references[0]) is not { } waiting
            || http.Request.Query[Parameters.ClientId] != waiting.Client.ClientId
        )
            return Unknown;
        // A form from elsewhere comes without the mark; the browser shows it when it follows.
        if (http.Features.Get<PostedRequest>() is null && !await IsOfThisBrowserAsync(waiting.Request, http))
            return Foreign;
        http.Request.QueryString = new QueryString(waiting.Request.Parameters);
        http.Features.Set(waiting);
        UseLocale(http);
        return null;
    }

    /// <summary>Whether the browser may go on with it: it began with it, or is the first.</summary>
    public async Task<bool> IsOfThisBrowserAsync(PendingRequest request, HttpContext http)
    {
        if (request.Browser is null)
        {
            var mark = BrowserMark.Ensure(http);
            return await database.QueryAsync(
                db => request.BeginAsync(db, mark, clock.GetUtcNow(), clock.GetUtcNow() + AuthorizationFlow.Patience),
                http.RequestAborted
            );
        }

        return BrowserMark.Of(http) is { } own && own.Matches(request.Browser);
    }

    // The first of its languages that we speak, unless the user has chosen one here.
    private static void UseLocale(HttpContext http)
    {
        if (http.Request.Cookies.ContainsKey(Languages.Cookie))
            return;
        var known = http
            .Request.Query[Parameters.UiLocales]
            .ToString()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(tag => Languages.All.FirstOrDefault(one => IsOf(tag, one)))
            .FirstOrDefault(tag => tag is not null);
        if (known is null)
            return;
        http.Request.Headers.AcceptLanguage = known;
        LanguageChoice.KeepForVisit(http, known);
    }

    private static bool IsOf(string tag, string language) =>
        tag.Equals(language, StringComparison.OrdinalIgnoreCase) || tag.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Marks a request that came as a form.</summary>
internal sealed class PostedRequest
{
    public static readonly PostedRequest Instance = new();
}
