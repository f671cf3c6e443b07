using Gatehouse.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
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
    public const string Token = "/oauth2/token";
    public const string Introspection = "/oauth2/introspect";
    public const string Revocation = "/oauth2/revoke";
    public const string Metadata = "/.well-known/oauth-authorization-server";
    public const string Form = "application/x-www-form-urlencoded";

    private const string Heading = "OAuth 2.0";

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
            .WithSummary("Get an access token")
            .WithDescription(
                "For service accounts: grant_type=client_credentials, the client's credentials by Basic authentication or as client_id and "
                    + "client_secret, and optionally scope: names of permissions with spaces between them. Without it the token is for all "
                    + "that the client holds (RFC 6749, 4.4)."
            )
            .TakesForm(("grant_type", "client_credentials."), ("scope", "Names of permissions with spaces between them."))
            .Produces<TokenAnswer>()
            .Documented();
        group
            .MapPost("/introspect", HandleFormAsync)
            .WithName("IntrospectToken")
            .WithSummary("Introspect an access token")
            .WithDescription("For clients with the scope tokens:introspect; the token is of the client's tenant (RFC 7662).")
            .TakesForm(("token", "The access token."), ("token_type_hint", "Ignored."))
            .Produces<IntrospectionAnswer>()
            .Documented();
        group
            .MapPost("/revoke", HandleFormAsync)
            .WithName("RevokeToken")
            .WithSummary("Revoke an access token")
            .WithDescription(
                "One of the client's own; with the scope sessions:revoke also a user's, which ends the session. No node accepts it after "
                    + "a second. An unknown token is no error (RFC 7009)."
            )
            .TakesForm(("token", "The access token."), ("token_type_hint", "Ignored."))
            .Produces(StatusCodes.Status200OK)
            .Documented();
        routes
            .MapWellKnown(Heading)
            .MapGet("/oauth-authorization-server", HandleAsync)
            .WithName("DescribeAuthorizationServer")
            .WithSummary("Get the OAuth 2.0 metadata")
            .WithDescription("RFC 8414.")
            .Produces<IReadOnlyDictionary<string, object>>()
            .AllowAnonymous();
    }

    private static void Documented(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Produces<OAuthError>(StatusCodes.Status400BadRequest)
            .Produces<OAuthError>(StatusCodes.Status401Unauthorized)
            .Produces<OAuthError>(StatusCodes.Status413PayloadTooLarge)
            .LimitBy(AuthorizationArea.TokenLimit)
            .AllowAnonymous();

    private static async Task HandleFormAsync(HttpContext http, [FromServices] OpenIddictServerAspNetCoreHandler handler)
    {
        if (await RejectAsync(http) is { } rejection)
            await rejection.ExecuteAsync(http);
        else
            await HandleAsync(http, handler);
    }

    private static async Task HandleAsync(HttpContext http, [FromServices] OpenIddictServerAspNetCoreHandler handler)
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
        if (http.Request.Headers.Authorization.Count > 1 || http.Request.Form.Any(field => field.Value.Count > 1))
            return Reject("A parameter or header is repeated.");
        return null;
    }

    private static JsonHttpResult<OAuthError> Reject(string description, int status = StatusCodes.Status400BadRequest) =>
        TypedResults.Json(
            new OAuthError { Error = Errors.InvalidRequest, ErrorDescription = description },
            AuthorizationJson.Default.OAuthError,
            statusCode: status
        );
}
