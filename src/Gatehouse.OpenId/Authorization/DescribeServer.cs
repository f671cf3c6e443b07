using Gatehouse.Web;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>The metadata of the authorization server (RFC 8414): what is true of ours, under the addresses of the issuer.</summary>
internal static class DescribeServer
{
    private static readonly string[] Kept =
    [
        "grant_types_supported",
        "introspection_endpoint_auth_methods_supported",
        "revocation_endpoint_auth_methods_supported",
        "token_endpoint_auth_methods_supported",
    ];

    public static void Add(OpenIddictServerBuilder server) =>
        server.AddEventHandler<ApplyConfigurationResponseContext>(handler =>
            handler.UseSingletonHandler<Answer>().SetOrder(int.MinValue + 1000)
        );

    internal sealed class Answer(IAccessTokens tokens) : IOpenIddictServerHandler<ApplyConfigurationResponseContext>
    {
        public ValueTask HandleAsync(ApplyConfigurationResponseContext context)
        {
            if (context.Error is not null)
                return default;
            foreach (
                var name in context
                    .Response.GetParameters()
                    .Select(parameter => parameter.Key)
                    .Except(Kept, StringComparer.Ordinal)
                    .ToList()
            )
                context.Response.RemoveParameter(name);
            context.Response["issuer"] = tokens.Issuer;
            context.Response["jwks_uri"] = tokens.Issuer + "/.well-known/jwks.json";
            context.Response["token_endpoint"] = tokens.Issuer + OAuthEndpoints.Token;
            context.Response["introspection_endpoint"] = tokens.Issuer + OAuthEndpoints.Introspection;
            context.Response["revocation_endpoint"] = tokens.Issuer + OAuthEndpoints.Revocation;
            // No authorization endpoint yet, so none of its response types.
            context.Response.AddParameter("response_types_supported", new OpenIddictParameter([]));
            return default;
        }
    }
}
