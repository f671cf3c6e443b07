using Gatehouse.Core.Actors;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore;
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

    internal sealed class Validation(ClientAuthentication clients, IAccessTokens tokens)
        : IOpenIddictServerHandler<ValidateIntrospectionRequestContext>
    {
        public async ValueTask HandleAsync(ValidateIntrospectionRequestContext context)
        {
            if (await clients.AuthenticateAsync(context) is not { } client)
                return;
            if (client.IsPublic)
                context.Reject(Errors.UnauthorizedClient, "A client that cannot prove who it is learns nothing of tokens.");
            else if (!MayAskAbout(client))
                await CheckOwnAsync(context, client);
        }

        // What it was issued itself it may ask about; of all others it does not even learn whether they are good.
        private async Task CheckOwnAsync(ValidateIntrospectionRequestContext context, ClientRow client)
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            var described = await tokens.DescribeForAnyAsync(context.Request.Token ?? "", http.RequestAborted);
            if (!described.Succeeded || described.Value.ClientId != client.ClientId)
                // An application is told what RFC 7662, 2.2 says, of tokens that are over and of those of others alike.
                context.Reject(
                    client.SignIn is null ? Errors.UnauthorizedClient : Errors.InvalidToken,
                    "The client does not hold tokens:introspect in the whole tenant."
                );
        }

        private static bool MayAskAbout(ClientRow client) =>
            client.Where is null && client.Scopes.Contains(TokenPermissions.Introspect.Name, StringComparer.Ordinal);
    }

    internal sealed class Describe : IOpenIddictServerHandler<HandleIntrospectionRequestContext>
    {
        public ValueTask HandleAsync(HandleIntrospectionRequestContext context)
        {
            // Whatever a refresh token is good for, it is not for asking.
            if (PresentedToken.Of(context.Transaction) is not { } token)
            {
                context.Reject(Errors.InvalidToken);
                return default;
            }

            context.Claims.Clear();
            context.Audiences.Clear();
            context.Audiences.UnionWith(token.Audiences);
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
                context.Scopes.UnionWith(user.Scopes);
                context.Claims["sid"] = user.SessionId.ToString();
                context.Claims["auth_time"] = user.AuthenticatedAt.ToUnixTimeSeconds();
                context.Claims[Claims.AuthenticationContextReference] = AuthenticationMethods.AssuranceOf(user.Methods);
                if (user.Methods.Count > 0)
                    context.Claims[Claims.AuthenticationMethodReference] = new OpenIddictParameter([.. user.Methods]);
                if (user.OrganizationId is { } organization)
                    context.Claims["org"] = organization.ToString();
                if (user.Roles.Count > 0)
                    context.Claims["roles"] = new OpenIddictParameter([.. user.Roles]);
            }

            return default;
        }
    }

    internal sealed class Answer : IOpenIddictServerHandler<ApplyIntrospectionResponseContext>
    {
        public ValueTask HandleAsync(ApplyIntrospectionResponseContext context)
        {
            context.Response.ErrorUri = null;
            if ((bool?)context.Response["active"] != true)
                return default;
            context.Response["iss"] = PresentedToken.Of(context.Transaction)!.Issuer;
            // A user's token is for no scope.
            if (string.IsNullOrEmpty((string?)context.Response["scope"]))
                context.Response.RemoveParameter("scope");
            return default;
        }
    }
}
