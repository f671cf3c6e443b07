using Gatehouse.Web;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>Tells a client with the permission whether a token of its tenant is good, and what it says (RFC 7662).</summary>
internal static class IntrospectToken
{
    public static void Add(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ValidateIntrospectionRequestContext>(handler =>
            handler
                .UseSingletonHandler<Validation>()
                .SetOrder(OpenIddictServerHandlers.Introspection.ValidateTokenParameter.Descriptor.Order + 500)
        );
        server.AddEventHandler<ValidateTokenContext>(handler =>
            handler.UseSingletonHandler<PresentedToken>().SetOrder(int.MinValue + 1000)
        );
        server.AddEventHandler<HandleIntrospectionRequestContext>(handler =>
            handler.UseSingletonHandler<Describe>().SetOrder(int.MaxValue - 1000)
        );
        server.AddEventHandler<ApplyIntrospectionResponseContext>(handler =>
            handler.UseSingletonHandler<Answer>().SetOrder(int.MinValue + 1000)
        );
    }

    internal sealed class Validation(ClientAuthentication clients) : IOpenIddictServerHandler<ValidateIntrospectionRequestContext>
    {
        public async ValueTask HandleAsync(ValidateIntrospectionRequestContext context)
        {
            if (
                await clients.AuthenticateAsync(context) is { } client
                && !(client.Where is null && client.Scopes.Contains(TokenPermissions.Introspect.Name, StringComparer.Ordinal))
            )
                context.Reject(Errors.UnauthorizedClient, "The client does not hold tokens:introspect in the whole tenant.");
        }
    }

    internal sealed class Describe(IAccessTokens tokens) : IOpenIddictServerHandler<HandleIntrospectionRequestContext>
    {
        public ValueTask HandleAsync(HandleIntrospectionRequestContext context)
        {
            var token = PresentedToken.Of(context.Transaction);
            context.Claims.Clear();
            context.Audiences.Clear();
            context.Audiences.Add(tokens.Audience);
            context.ClientId = token.ClientId;
            context.TokenId = token.TokenId;
            context.TokenType = TokenTypes.Bearer;
            context.TokenUsage = null;
            context.NotBefore = null;
            context.IssuedAt = token.IssuedAt;
            context.ExpiresAt = token.ExpiresAt;
            context.Claims["tid"] = token.Claims.TenantId.ToString();
            if (token.Claims.ServiceAccount is { } account)
            {
                context.Subject = account.Id.ToString();
                context.Scopes.UnionWith(account.Scopes);
            }
            else if (token.Claims.User is { } user)
            {
                context.Subject = user.Id.ToString();
                context.Claims["sid"] = user.SessionId.ToString();
                context.Claims["auth_time"] = user.AuthenticatedAt.ToUnixTimeSeconds();
                if (user.OrganizationId is { } organization)
                    context.Claims["org"] = organization.ToString();
                if (user.Roles.Count > 0)
                    context.Claims["roles"] = new OpenIddictParameter([.. user.Roles]);
            }

            return default;
        }
    }

    internal sealed class Answer(IAccessTokens tokens) : IOpenIddictServerHandler<ApplyIntrospectionResponseContext>
    {
        public ValueTask HandleAsync(ApplyIntrospectionResponseContext context)
        {
            context.Response.ErrorUri = null;
            if ((bool?)context.Response["active"] != true)
                return default;
            context.Response["iss"] = tokens.Issuer;
            // A user's token is for no scope.
            if (string.IsNullOrEmpty((string?)context.Response["scope"]))
                context.Response.RemoveParameter("scope");
            return default;
        }
    }
}
