using System.Net.Http.Headers;
using System.Text;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// Where OAuth 2.0 is spoken. A form is read strictly before OpenIddict sees it: what is none, is too large or says something twice is
/// rejected.
/// </summary>
internal static class OAuthEndpoints
{
    public const string PushedAuthorization = "/oauth2/par";
    public const string DeviceAuthorization = "/oauth2/device";
    public const string UserInfo = "/oauth2/userinfo";
    public const string Token = "/oauth2/token";
    public const string Introspection = "/oauth2/introspect";
    public const string Revocation = "/oauth2/revoke";
    public const string Metadata = "/.well-known/oauth-authorization-server";
    public const string Discovery = "/.well-known/openid-configuration";
    public const string Form = "application/x-www-form-urlencoded";

    public const string Heading = "OAuth 2.0";

    private static readonly AuthenticationScheme Scheme = new(
        OpenIddictServerAspNetCoreDefaults.AuthenticationScheme,
        displayName: null,
        typeof(OpenIddictServerAspNetCoreHandler)
    );

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapOAuth(Heading);
        group
            .MapPost("/token", HandleFormAsync)
            .WithName("IssueToken")
            .WithSummary("Get tokens")
            .WithDescription(
                "The client proves who it is by Basic authentication, client_id and client_secret, a signed assertion (private_key_jwt), "
                    + "or, if it is public, by client_id alone. grant_type=client_credentials gives a service account an access token for "
                    + "its scopes, "
                    + "or some of them (RFC 6749, 4.4); authorization_code gives an application the tokens of a user who signed in; "
                    + "refresh_token gives the next ones; the grant of RFC 8628 asks whether the user of a device has agreed yet."
            )
            .TakesForm(
                ("grant_type", "client_credentials, authorization_code, refresh_token or urn:ietf:params:oauth:grant-type:device_code."),
                ("scope", "Fewer scopes than were granted, with spaces between them."),
                ("code", "With authorization_code: the code."),
                ("redirect_uri", "With authorization_code: the address that the code was sent to."),
                ("code_verifier", "With authorization_code: the verifier of PKCE."),
                ("refresh_token", "With refresh_token: the newest one."),
                ("device_code", "With the grant of devices: the code of the device."),
                ("client_assertion_type", "With an assertion: urn:ietf:params:oauth:client-assertion-type:jwt-bearer."),
                ("client_assertion", "The assertion.")
            )
            .Produces<TokenAnswer>()
            .Documented();
        group
            .MapPost("/introspect", HandleFormAsync)
            .WithName("IntrospectToken")
            .WithSummary("Introspect an access token")
            .WithDescription(
                "For clients with the scope tokens:introspect, and for a client's own tokens; the token is of the client's tenant "
                    + "(RFC 7662)."
            )
            .TakesForm(("token", "The access token."), ("token_type_hint", "Ignored."))
            .Produces<IntrospectionAnswer>()
            .DocumentedAsItIs();
        group
            .MapPost("/revoke", HandleFormAsync)
            .WithName("RevokeToken")
            .WithSummary("Revoke an access token")
            .WithDescription(
                "One of the client's own; of a user's, access token or refresh token, the session in the application ends. With the scope "
                    + "sessions:revoke also any user's access token, which ends the session. No node accepts it after a second. A token "
                    + "that is unknown, or none of the client's, is no error, and stays as it is (RFC 7009)."
            )
            .TakesForm(("token", "The access token or refresh token."), ("token_type_hint", "Ignored."))
            .Produces(StatusCodes.Status200OK)
            .Documented();
        group
            .MapPost("/par", HandleFormAsync)
            .WithName("PushAuthorizationRequest")
            .WithSummary("Push an authorization request")
            .WithDescription(
                "Takes the parameters of an authorization request from the client itself. The answer's request_uri stands for them at the "
                    + "authorization endpoint, for five minutes and one code (RFC 9126)."
            )
            .TakesForm(
                ("response_type", "code."),
                ("redirect_uri", "One of the client's."),
                ("scope", "openid and others that the client may ask for."),
                ("code_challenge", "The challenge of PKCE."),
                ("code_challenge_method", "S256."),
                ("state", "Comes back unchanged."),
                ("nonce", "Stands in the ID token.")
            )
            .Produces<PushedAnswer>(StatusCodes.Status201Created)
            .Documented(SignInArea.PushLimit);
        group
            .MapPost("/device", HandleFormAsync)
            .WithName("AuthorizeDevice")
            .WithSummary("Begin a sign-in on a device")
            .WithDescription(
                "For a device without a browser of its own: the answer has a code that its user types at verification_uri, and one with "
                    + "which it asks for its tokens, not more often than interval says (RFC 8628)."
            )
            .TakesForm(("scope", "openid and others that the client may ask for."))
            .Produces<DeviceAnswer>()
            .Documented(SignInArea.PushLimit);
        MapUserInfo(group);
        MapBrowser(routes);
    }

    private static void MapUserInfo(RouteGroupBuilder group)
    {
        const string Description =
            "What the scopes of an application's access token allow it to know of its user (OpenID Connect Core, 5.3): in the header, or "
            + "with POST in the form, never in the address.";
        foreach (var (method, name) in new[] { (HttpMethods.Get, "GetUserInfo"), (HttpMethods.Post, "PostUserInfo") })
        {
            group
                .MapMethods(
                    "/userinfo",
                    [method],
                    async ([FromServices] UserInfo info, HttpContext http) =>
                        http.Request.HasFormContentType && await RejectAsync(http) is { } rejection
                            ? rejection
                            : await info.HandleAsync(http)
                )
                .WithName(name)
                .WithSummary("Get the claims of a user")
                .WithDescription(Description)
                .Produces<IReadOnlyDictionary<string, object>>()
                .Produces<OAuthError>(StatusCodes.Status400BadRequest)
                .Produces<OAuthError>(StatusCodes.Status401Unauthorized)
                .Produces<OAuthError>(StatusCodes.Status403Forbidden)
                .RequireCors(FromAnywhere)
                .LimitBy(AuthorizationArea.TokenLimit)
                .AllowAnonymous();
        }
    }

    // Where browsers are sent by applications: pages for their users.
    private static void MapBrowser(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        var forms = routes.MapOAuth(Heading).ExcludeFromDescription();
        foreach (var path in new[] { BrowserPaths.Authorization, BrowserPaths.EndSession })
        {
            pages.MapGet(path, HandleBrowserAsync).AllowAnonymous().LimitBy(SignInArea.PageLimit);
            forms
                .MapPost(path["/oauth2".Length..], HandleBrowserFormAsync)
                .WithContentPolicy(ContentPolicy.Page)
                .AllowAnonymous()
                .LimitBy(SignInArea.PageLimit);
        }
    }

    private static async Task HandleBrowserFormAsync(
        HttpContext http,
        [FromServices] OpenIddictServerAspNetCoreHandler handler,
        [FromServices] AuthorizationEntry entry
    )
    {
        if (
            http.Request.ContentType?.StartsWith(Form, StringComparison.OrdinalIgnoreCase) == true
            && await RequestForm.ReadAsync(http) is null
        )
            await HandleBrowserAsync(http, handler, entry);
        else
            await AuthorizationErrorPage.ShowAsync(http, "The body must be a form: " + Form + ".");
    }

    private static async Task HandleBrowserAsync(
        HttpContext http,
        [FromServices] OpenIddictServerAspNetCoreHandler handler,
        [FromServices] AuthorizationEntry entry
    )
    {
        // Whoever only looks must not be given a code, or signed out.
        if (HttpMethods.IsHead(http.Request.Method))
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        else if (await entry.EnterAsync(http) is { } wrong)
            await AuthorizationErrorPage.ShowAsync(http, wrong);
        else
            await HandleAsync(http, handler);
    }

    // No cookies count here, so any page may read what they answer (RFC 9700, 2.6).
    private static void FromAnywhere(CorsPolicyBuilder policy) =>
        policy
            .AllowAnyOrigin()
            .WithMethods(HttpMethods.Get, HttpMethods.Post)
            .WithHeaders("Authorization", "Content-Type")
            .WithExposedHeaders("WWW-Authenticate", "Retry-After");

    private static void Documented(this RouteHandlerBuilder endpoint, RateLimitPolicy? limit = null) =>
        endpoint.DocumentedAsItIs(limit).RequireCors(FromAnywhere);

    private static RouteHandlerBuilder DocumentedAsItIs(this RouteHandlerBuilder endpoint, RateLimitPolicy? limit = null) =>
        endpoint
            .Produces<OAuthError>(StatusCodes.Status400BadRequest)
            .Produces<OAuthError>(StatusCodes.Status401Unauthorized)
            .Produces<OAuthError>(StatusCodes.Status413PayloadTooLarge)
            .LimitBy(limit ?? AuthorizationArea.TokenLimit)
            .AllowAnonymous();

    private static async Task HandleFormAsync(HttpContext http, [FromServices] OpenIddictServerAspNetCoreHandler handler)
    {
        if (await RejectAsync(http) is { } rejection)
            await rejection.ExecuteAsync(http);
        else
            await HandleAsync(http, handler);
    }

    /// <summary>Lets OpenIddict answer.</summary>
    internal static async Task HandleAsync(HttpContext http, [FromServices] OpenIddictServerAspNetCoreHandler handler)
    {
        // It rejects HEAD, which is answered like GET everywhere.
        if (HttpMethods.IsHead(http.Request.Method))
            http.Request.Method = HttpMethods.Get;
        await handler.InitializeAsync(Scheme, http);
        if (!await handler.HandleRequestAsync())
            throw new InvalidOperationException("The address is none of the protocol's.");
    }

    private static async Task<IResult?> RejectAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";
        if (http.Request.ContentType?.StartsWith(Form, StringComparison.OrdinalIgnoreCase) != true)
            return Reject("The body must be a form: " + Form + ".");
        if (await RequestForm.ReadAsync(http) is { } unreadable)
            return unreadable == RequestErrors.TooLarge
                ? Reject("The body is too large.", StatusCodes.Status413PayloadTooLarge)
                : Reject("The form is malformed.");
        if (
            http.Request.Headers.Authorization.Count > 1
            || http.Request.Form.Any(field => field.Key != Parameters.Resource && field.Value.Count > 1)
        )
            return Reject("A parameter or header is repeated.");
        // What is in an address ends up in logs.
        if (
            http.Request.QueryString.HasValue && http.Request.Query.Keys.Any(name => name is Parameters.ClientSecret or Parameters.ClientId)
        )
            return Reject("Credentials belong into the header or the body.");
        if (http.Request.Form.ContainsKey(Parameters.ClientAssertion) && HasSecret(http))
            return Reject("The client proves who it is in two ways.");
        // One client at a time: the name in the body must be that in the header.
        if (http.Request.Form[Parameters.ClientId].ToString() is { Length: > 0 } named && BasicName(http) is { } basic && basic != named)
            return Reject("The request names two clients.");
        return null;
    }

    private static bool HasSecret(HttpContext http) =>
        http.Request.Form.ContainsKey(Parameters.ClientSecret) || http.Request.Headers.Authorization.Count > 0;

    private static string? BasicName(HttpContext http)
    {
        if (
            !AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var header)
            || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
        )
            return null;
        var bytes = new byte[header.Parameter?.Length ?? 0];
        return Convert.TryFromBase64String(header.Parameter ?? "", bytes, out var written)
            ? Uri.UnescapeDataString(Encoding.UTF8.GetString(bytes.AsSpan(0, written)).Split(':')[0].Replace('+', ' '))
            : null;
    }

    private static JsonHttpResult<OAuthError> Reject(string description, int status = StatusCodes.Status400BadRequest) =>
        TypedResults.Json(
            new OAuthError { Error = Errors.InvalidRequest, ErrorDescription = description },
            AuthorizationJson.Default.OAuthError,
            statusCode: status
        );
}
