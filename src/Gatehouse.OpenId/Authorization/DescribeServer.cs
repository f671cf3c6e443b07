using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Core.Actors;
using Gatehouse.OpenId.Data;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// The metadata of the provider (OpenID Connect Discovery; RFC 8414): what is true of ours, under the addresses of the issuer. It may be
/// kept for a quarter of an hour, as the keys may.
/// </summary>
internal static class DescribeServer
{
    private static readonly TimeSpan CacheLife = TimeSpan.FromMinutes(15);

    private static readonly string[] Kept =
    [
        Metadata.CodeChallengeMethodsSupported,
        Metadata.GrantTypesSupported,
        Metadata.PromptValuesSupported,
        Metadata.ResponseModesSupported,
        Metadata.ResponseTypesSupported,
        Metadata.SubjectTypesSupported,
    ];

    private static readonly string[] OfConfidential =
    [
        ClientAuthenticationMethods.ClientSecretBasic,
        ClientAuthenticationMethods.ClientSecretPost,
        ClientAuthenticationMethods.PrivateKeyJwt,
    ];

    private static readonly string[] Algorithms = ["RS256", "ES256"];

    private static readonly string[] ClaimsSupported =
    [
        Claims.Issuer,
        Claims.Subject,
        Claims.Audience,
        Claims.ClientId,
        Claims.ExpiresAt,
        Claims.IssuedAt,
        Claims.AuthenticationTime,
        Claims.Nonce,
        Claims.JwtId,
        Claims.AuthenticationContextReference,
        Claims.AuthenticationMethodReference,
        "sid",
        "tid",
        "org",
        "roles",
        Claims.Name,
        Claims.GivenName,
        Claims.FamilyName,
        Claims.PreferredUsername,
        Claims.Picture,
        Claims.Website,
        Claims.Birthdate,
        Claims.Locale,
        Claims.UpdatedAt,
        Claims.Email,
        Claims.EmailVerified,
        Claims.PhoneNumber,
        Claims.PhoneNumberVerified,
        "groups",
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var documents = routes.MapWellKnown(OAuthEndpoints.Heading);
        documents
            .MapGet("/oauth-authorization-server", DescribeAsync)
            .WithName("DescribeAuthorizationServer")
            .WithSummary("Get the OAuth 2.0 metadata")
            .WithDescription("RFC 8414. The same document as that of OpenID Connect, of the issuer at this host.")
            .Produces<IReadOnlyDictionary<string, object>>()
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblems(404)
            .RequireCors(DocumentsFromAnywhere)
            .AllowAnonymous();
        documents
            .MapGet("/openid-configuration", DescribeAsync)
            .WithName("DescribeIssuer")
            .WithSummary("Get the OpenID Connect metadata")
            .WithDescription(
                "OpenID Connect Discovery 1.0: addresses, algorithms, scopes and claims of the issuer at this host. A verified domain of a "
                    + "tenant is an issuer of its own."
            )
            .Produces<IReadOnlyDictionary<string, object>>()
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblems(404)
            .RequireCors(DocumentsFromAnywhere)
            .AllowAnonymous();
    }

    public static void Add(OpenIddictServerBuilder server) =>
        server.AddEventHandler<ApplyConfigurationResponseContext>(handler =>
            handler.UseSingletonHandler<Answer>().SetOrder(int.MinValue + 1000)
        );

    private static async Task DescribeAsync(
        HttpContext http,
        [FromServices] OpenIddictServerAspNetCoreHandler handler,
        [FromServices] Issuers issuers
    )
    {
        if (await issuers.FindAsync(http) is not { } issuer)
        {
            await RequestErrors.TenantUnknown.ToProblem().ExecuteAsync(http);
            return;
        }

        http.Features.Set(issuer);
        await OAuthEndpoints.HandleAsync(http, handler);
    }

    private static void DocumentsFromAnywhere(CorsPolicyBuilder policy) => policy.AllowAnyOrigin().WithMethods(HttpMethods.Get);

    internal sealed class Answer : IOpenIddictServerHandler<ApplyConfigurationResponseContext>
    {
        public async ValueTask HandleAsync(ApplyConfigurationResponseContext context)
        {
            if (context.Error is not null)
                return;
            var response = context.Response;
            foreach (var name in response.GetParameters().Select(p => p.Key).Except(Kept, StringComparer.Ordinal).ToList())
                response.RemoveParameter(name);
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            Describe(response, http.Features.GetRequiredFeature<Issuer>().Url);
            var json = Write(response);
            http.Response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={CacheLife.TotalSeconds}");
            http.Response.Headers.AccessControlAllowOrigin = "*";
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\"");
            await Results.Bytes(json, "application/json", entityTag: tag).ExecuteAsync(http);
            context.HandleRequest();
        }

        private static void Describe(OpenIddictResponse response, string issuer)
        {
            response[Metadata.Issuer] = issuer;
            response[Metadata.JwksUri] = issuer + "/.well-known/jwks.json";
            response[Metadata.AuthorizationEndpoint] = issuer + BrowserPaths.Authorization;
            response[Metadata.PushedAuthorizationRequestEndpoint] = issuer + OAuthEndpoints.PushedAuthorization;
            response[Metadata.TokenEndpoint] = issuer + OAuthEndpoints.Token;
            response[Metadata.DeviceAuthorizationEndpoint] = issuer + OAuthEndpoints.DeviceAuthorization;
            response[Metadata.UserInfoEndpoint] = issuer + OAuthEndpoints.UserInfo;
            response[Metadata.IntrospectionEndpoint] = issuer + OAuthEndpoints.Introspection;
            response[Metadata.RevocationEndpoint] = issuer + OAuthEndpoints.Revocation;
            response[Metadata.EndSessionEndpoint] = issuer + BrowserPaths.EndSession;
            response[Metadata.IdTokenSigningAlgValuesSupported] = new([.. Algorithms]);
            response[Metadata.TokenEndpointAuthMethodsSupported] = new([.. OfConfidential, ClientAuthenticationMethods.None]);
            response[Metadata.RevocationEndpointAuthMethodsSupported] = new([.. OfConfidential, ClientAuthenticationMethods.None]);
            response[Metadata.IntrospectionEndpointAuthMethodsSupported] = new([.. OfConfidential]);
            response["token_endpoint_auth_signing_alg_values_supported"] = new(["RS256", "PS256", "ES256"]);
            response[Metadata.ScopesSupported] = new([.. SignInScopes.All]);
            response[Metadata.AcrValuesSupported] = new([AuthenticationMethods.SingleFactor, AuthenticationMethods.MultiFactor]);
            response[Metadata.ClaimsSupported] = new([.. ClaimsSupported]);
            response[Metadata.UiLocalesSupported] = new([.. Languages.All]);
            response[Metadata.AuthorizationResponseIssParameterSupported] = true;
            response[Metadata.RequirePushedAuthorizationRequests] = false;
            response["backchannel_logout_supported"] = true;
            response["backchannel_logout_session_supported"] = true;
            // True where nothing is said, false where it is not.
            response[Metadata.RequestUriParameterSupported] = false;
            response[Metadata.RequestParameterSupported] = false;
            response[Metadata.ClaimsParameterSupported] = false;
        }

        private static byte[] Write(OpenIddictResponse response)
        {
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream))
                response.WriteTo(json);
            return stream.ToArray();
        }
    }
}
