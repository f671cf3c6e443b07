using System.Globalization;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.SignIn;

/// <summary>Finds out where an authorization request stands: who is signed in, what that user said, and so what comes next.</summary>
internal sealed class AuthorizationFlow(
    Database database,
    IApplicationSessions sessions,
    Issuers issuers,
    IFreshAuthentication fresh,
    ITermsOfService terms,
    TimeProvider clock
)
{
    /// <summary>How long a user may take to sign in and agree.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public async Task<Standing> EvaluateAsync(ClientRow client, OpenIddictRequest request, PendingRequest? pending, HttpContext http)
    {
        var settings = client.SignIn!;
        var tenant = http.Actor().Tenant.Id;
        var user = http.Actor().User;
        var browser = user is null ? null : await sessions.FindAsync(tenant, user, http.RequestAborted);
        var issuer = await issuers.OfAsync(http);
        var hint = request.IdTokenHint is { } token ? await sessions.ReadIdTokenAsync(token, issuer.Url, http.RequestAborted) : null;
        // What is not known, or not the client's to ask, is left out; the answer says what was granted (RFC 6749, 3.3).
        IReadOnlyList<string> scopes = [.. settings.Scopes.Intersect(request.GetScopes(), StringComparer.Ordinal)];
        var asked = new AskedFor
        {
            Scopes = scopes,
            Prompt = request.GetPromptValues(),
            MaxAge = MaxAgeOf(request),
            BeganAt = pending?.CreatedAt ?? clock.GetUtcNow(),
            NeedsConsent = settings.RequireConsent,
            OwesTerms = browser is not null && await terms.AreDueAsync(http.Actor(), http.RequestAborted),
            LacksSecondFactor = browser is not null && await LacksSecondFactorAsync(request, browser, http),
            HintedUser = hint?.Subject,
            HintIsForeign = request.IdTokenHint is not null && hint?.Audience != client.ClientId,
        };
        var said = new Said
        {
            Agreed = pending?.Answer == PendingAnswer.Agreed && pending.AnsweredBy == user?.Id,
            Denied = pending?.Answer == PendingAnswer.Denied,
            Consented =
                settings.RequireConsent && browser is not null
                    ? await database.QueryAsync(db => Consents.FindAsync(db, tenant, user!.Id, client.Id), http.RequestAborted)
                    : scopes,
        };
        var now = browser is null ? null : new SignedInNow(user!.Id, browser.AuthenticatedAt);
        return new Standing(AuthorizationRules.Next(asked, now, said), scopes) { Now = now };
    }

    // Voluntary (OpenID Connect Core, 3.1.2.1): who has no second factor is not kept away for it.
    private async Task<bool> LacksSecondFactorAsync(OpenIddictRequest request, BrowserSession browser, HttpContext http) =>
        request.GetAcrValues().Contains(AuthenticationMethods.MultiFactor, StringComparer.Ordinal)
        && AuthenticationMethods.AssuranceOf(browser.Methods) != AuthenticationMethods.MultiFactor
        && await fresh.CanStrengthenAsync(http.Actor(), http.RequestAborted);

    /// <summary>The longest time since the user proved who they are; null for any.</summary>
    public static TimeSpan? MaxAgeOf(OpenIddictRequest request) =>
        IsMaxAge(request, out var seconds) && seconds is { } age ? TimeSpan.FromSeconds(age) : null;

    /// <summary>Whether the parameter is none, or a number of seconds.</summary>
    public static bool IsMaxAge(OpenIddictRequest request, out int? seconds)
    {
        var text = (string?)request.GetParameter(Parameters.MaxAge);
        seconds = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var age) ? age : null;
        return string.IsNullOrEmpty(text) || seconds is not null;
    }

    /// <summary>A pending request and its client; null where there is none that came in under the same name of the provider.</summary>
    public async Task<Waiting?> FindAsync(HttpContext http, string? urn)
    {
        if (urn is not { Length: < 200 } || !urn.StartsWith(PendingRequest.Urn, StringComparison.Ordinal))
            return null;
        var reference = urn[PendingRequest.Urn.Length..];
        var tenant = http.Actor().Tenant.Id;
        var issuer = await issuers.OfAsync(http);
        var (pending, client) = await database.QueryAsync(
            async db =>
            {
                var pending = await PendingRequest.FindAsync(db, tenant, reference, clock.GetUtcNow());
                return (pending, pending is null ? null : await ClientRow.FindAsync(db, tenant, pending.Client));
            },
            http.RequestAborted
        );
        return pending is not null && pending.Domain == issuer.Domain && client is { DisabledAt: null, SignIn: not null }
            ? new Waiting(pending, reference) { Client = client }
            : null;
    }

    /// <summary>Keeps a request until its user has signed in and agreed.</summary>
    /// <returns>Where it goes on.</returns>
    public async Task<string> KeepAsync(ClientRow client, HttpContext http)
    {
        var request = new NewRequest(QueryOf(http.Request.Query))
        {
            Now = clock.GetUtcNow(),
            Lifetime = Patience,
            Browser = http.Features.Get<PostedRequest>() is null ? BrowserMark.Ensure(http) : null,
            Domain = (await issuers.OfAsync(http)).Domain,
        };
        var reference = await database.QueryAsync(
            db => PendingRequest.SaveAsync(db, http.Actor().Tenant.Id, client.Id, request),
            http.RequestAborted
        );
        return PathOf(client.ClientId, reference);
    }

    public static string PathOf(string clientId, string reference) =>
        BrowserPaths.Authorization
        + QueryString.Create(Parameters.ClientId, clientId).Add(Parameters.RequestUri, PendingRequest.Urn + reference);

    /// <summary>The parameters that mean something, in the form of a query.</summary>
    public static string QueryOf(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> parameters) =>
        QueryString
            .Create(
                parameters
                    .Where(p => AuthorizationParameters.IsKnown(p.Key) && p.Key != Parameters.RequestUri)
                    .SelectMany(p => p.Value.Select(value => KeyValuePair.Create<string, string?>(p.Key, value)))
            )
            .ToUriComponent();

    public static OpenIddictRequest RequestOf(PendingRequest pending) => new(QueryHelpers.ParseQuery(pending.Parameters));
}

/// <param name="Next">What comes next.</param>
/// <param name="Scopes">What the client would be granted.</param>
internal sealed record Standing(Step Next, IReadOnlyList<string> Scopes)
{
    public required SignedInNow? Now { get; init; }
}

/// <summary>A pending request by its reference.</summary>
internal sealed record Waiting(PendingRequest Request, string Reference)
{
    public required ClientRow Client { get; init; }

    public string Urn => PendingRequest.Urn + Reference;

    /// <summary>Where it goes on.</summary>
    public string Path => AuthorizationFlow.PathOf(Client.ClientId, Reference);
}
