using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// The endpoints of OAuth 2.0. OpenIddict speaks the protocol in its degraded mode; clients are those of our tables, and tokens those of
/// the module that signs (record 97).
/// </summary>
internal sealed class AuthorizationArea : IArea
{
    public static readonly Permission RevokeSessions = new()
    {
        Name = "sessions:revoke",
        Level = AccessLevel.Tenant,
        Description = "End the session of a user whose access token one holds.",
    };

    public static readonly RateLimitPolicy TokenLimit = RateLimitPolicy.Of<AuthorizationLimits>("oauth2", limits => limits.OAuth2);

    public static readonly RateLimitPolicy SecretLimit = RateLimitPolicy.Of<AuthorizationLimits>(
        "client-secrets",
        limits => limits.ClientSecrets
    );

    private static readonly ECDsaSecurityKey UnusedKey = new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public IReadOnlyList<Permission> Permissions { get; } = [RevokeSessions];

    public IReadOnlyList<Slice> Slices { get; } = [Slice.Routes(OAuthEndpoints.Map), Slice.Routes(DescribeServer.Map)];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRateLimits<AuthorizationLimits>(configuration);
        services.AddSingleton<ClientLookup>().AddSingleton<ClientAuthentication>().AddSingleton<ClientAssertion>();
        services.AddSingleton<UserTokens>().AddSingleton<UserInfo>();
        services.AddStoredValue<Hash<ClientAssertion>, byte[]>();
        services.AddRequests(AuthorizationJson.Default);
        services.AddOpenIddict().AddServer(Configure);
        // The endpoints call its handler themselves. In the authentication middleware every request would pass through it, before its
        // tenant is known.
        foreach (
            var scheme in services
                .Where(s =>
                    s.ServiceType == typeof(IConfigureOptions<AuthenticationOptions>)
                    && s.ImplementationType == typeof(OpenIddictServerAspNetCoreConfiguration)
                )
                .ToList()
        )
            services.Remove(scheme);
    }

    private static void Configure(OpenIddictServerBuilder server)
    {
        // What is malformed is a wrong target, too (RFC 8707, 2), which it answers as a wrong request.
        server
            .RemoveEventHandler(OpenIddictServerHandlers.Authentication.ValidateResourceParameter.Descriptor)
            .RemoveEventHandler(OpenIddictServerHandlers.Authentication.ValidatePushedResourceParameter.Descriptor)
            .RemoveEventHandler(OpenIddictServerHandlers.Exchange.ValidateResourceParameter.Descriptor);
        server.EnableDegradedMode().AllowClientCredentialsFlow().DisableScopeValidation().DisableResourceValidation();
        server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowDeviceAuthorizationFlow();
        server
            .SetAuthorizationEndpointUris(BrowserPaths.Authorization)
            .SetPushedAuthorizationEndpointUris(OAuthEndpoints.PushedAuthorization)
            .SetEndSessionEndpointUris(BrowserPaths.EndSession)
            .SetTokenEndpointUris(OAuthEndpoints.Token)
            .SetDeviceAuthorizationEndpointUris(OAuthEndpoints.DeviceAuthorization)
            .SetEndUserVerificationEndpointUris(BrowserPaths.Device)
            .SetIntrospectionEndpointUris(OAuthEndpoints.Introspection)
            .SetRevocationEndpointUris(OAuthEndpoints.Revocation)
            .SetConfigurationEndpointUris(OAuthEndpoints.Discovery, OAuthEndpoints.Metadata);
        // It asks for keys although it protects nothing: every token is one of ours.
        server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
        server.AddSigningKey(UnusedKey);
        server.Configure(options =>
        {
            options.ClientAuthenticationMethods.Clear();
            options.ClientAuthenticationMethods.Add(OpenIddictConstants.ClientAuthenticationMethods.ClientSecretBasic);
            options.ClientAuthenticationMethods.Add(OpenIddictConstants.ClientAuthenticationMethods.ClientSecretPost);
            options.ClientAuthenticationMethods.Add(OpenIddictConstants.ClientAuthenticationMethods.PrivateKeyJwt);
            options.CodeChallengeMethods.Remove(OpenIddictConstants.CodeChallengeMethods.Plain);
        });
        // It knows no keys of clients: theirs are ours to try.
        server.RemoveEventHandler(OpenIddictServerHandlers.ValidateClientAssertion.Descriptor);
        Authorize.Add(server);
        PushRequest.Add(server);
        AuthorizeDevice.Add(server);
        EndSession.Add(server);
        IssuedTokens.Add(server);
        IssueToken.Add(server);
        IntrospectToken.Add(server);
        RevokeToken.Add(server);
        DescribeServer.Add(server);
        // TLS ends at the proxy, and the server's own settings say where it must not.
        server.UseAspNetCore().DisableTransportSecurityRequirement().SuppressJsonResponseIndentation().SetRealm("gatehouse");
    }
}

/// <summary>How often one client address may call the endpoints of OAuth 2.0, and give wrong secrets.</summary>
internal sealed class AuthorizationLimits
{
    /// <summary>Getting, introspecting and revoking tokens.</summary>
    public RateLimitRule OAuth2 { get; set; } = new() { Permits = 3000, Window = TimeSpan.FromMinutes(1) };

    /// <summary>Wrong secrets of one client from one network. A right one is accepted all the same.</summary>
    public RateLimitRule ClientSecrets { get; set; } = new() { Permits = 20, Window = TimeSpan.FromMinutes(1) };
}

/// <summary>The JSON form of what OAuth 2.0 answers, for the documents.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OAuthError))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(PushedAnswer))]
[JsonSerializable(typeof(DeviceAnswer))]
[JsonSerializable(typeof(IntrospectionAnswer))]
internal sealed partial class AuthorizationJson : JsonSerializerContext;
