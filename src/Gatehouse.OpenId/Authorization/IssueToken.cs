using System.Security.Claims;
using Gatehouse.Core.Actors;
using Gatehouse.OpenId.Data;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// The token endpoint (RFC 6749, 3.2): an access token for a client itself, or, for a code or a refresh token, tokens of a session in which
/// a user is signed in to an application. All are in the form of our tokens.
/// </summary>
internal static class IssueToken
{
    public static void Add(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ValidateTokenRequestContext>(handler =>
            handler.UseSingletonHandler<Validation>().SetOrder(OpenIddictServerHandlers.Exchange.ValidateGrantType.Descriptor.Order + 500)
        );
        // A scope beside a code is common and means nothing; a wider one than granted is ours to reject, by its own name.
        server.RemoveEventHandler(OpenIddictServerHandlers.Exchange.ValidateScopeParameter.Descriptor);
        server.RemoveEventHandler(OpenIddictServerHandlers.Exchange.ValidateGrantedScopes.Descriptor);
        server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseSingletonHandler<Issue>());
        server.AddEventHandler<ApplyTokenResponseContext>(handler => handler.UseSingletonHandler<Answer>().SetOrder(int.MinValue + 1000));
    }

    internal sealed class Validation(ClientAuthentication clients, IAccessTokens tokens)
        : IOpenIddictServerHandler<ValidateTokenRequestContext>
    {
        public async ValueTask HandleAsync(ValidateTokenRequestContext context)
        {
            if (await clients.AuthenticateAsync(context) is not { } client)
                return;
            if (!context.Request.IsClientCredentialsGrantType())
            {
                if (client.SignIn is null || (context.Request.IsDeviceCodeGrantType() && !client.SignIn.DeviceCode))
                    context.Reject(Errors.UnauthorizedClient, "The client signs nobody in, or not in this way.");
            }
            else if (client.Scopes.Length == 0)
            {
                context.Reject(Errors.UnauthorizedClient, "The client does nothing for itself.");
            }
            // Unknown, of other clients, or not held: it is the same to who asks.
            else if (context.Request.GetScopes().Except(client.Scopes, StringComparer.Ordinal).Any())
            {
                context.Reject(Errors.InvalidScope, "The client does not hold one of these scopes.");
            }
            else if (ResourceIndicators.Asked(context.Request, client.Resources, tokens.Audience) is null)
            {
                context.Reject(Errors.InvalidTarget, ResourceIndicators.Rejection);
            }
        }
    }

    internal sealed class Issue(IAccessTokens tokens, UserTokens users, Issuers issuers, TimeProvider clock)
        : IOpenIddictServerHandler<HandleTokenRequestContext>
    {
        public async ValueTask HandleAsync(HandleTokenRequestContext context)
        {
            var client = ClientAuthentication.Of(context.Transaction);
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            var issuer = await issuers.OfAsync(http);
            var issued =
                context.Request.IsClientCredentialsGrantType() ? Own(context.Request, client, issuer, http)
                : context.Request.IsAuthorizationCodeGrantType() || context.Request.IsDeviceCodeGrantType()
                    ? await users.RedeemAsync(context, client, issuer, http)
                : await users.RefreshAsync(context, client, issuer, http);
            if (issued is null)
                return;
            IssuedTokens.Set(context.Transaction, issued);
            var principal = new ClaimsPrincipal(new ClaimsIdentity("Gatehouse"));
            principal.SetClaim(Claims.Subject, client.Id.ToString()).SetScopes(issued.Scopes).SetAccessTokenLifetime(issued.Lifetime);
            context.SignIn(principal);
        }

        private IssuedTokens Own(OpenIddictRequest request, ClientRow client, Issuer issuer, HttpContext http)
        {
            var asked = request.GetScopes();
            var account = new ServiceAccount(client.Id)
            {
                ClientId = client.ClientId,
                TokenId = Guid.CreateVersion7(IssueTime(client)),
                Scopes = asked.IsEmpty ? client.Scopes : asked,
            };
            var issued = tokens.Issue(
                http.Actor().Tenant.Id,
                account,
                issuer.Url,
                ResourceIndicators.Asked(request, client.Resources, tokens.Audience) ?? []
            );
            return new IssuedTokens
            {
                AccessToken = issued.Text,
                Lifetime = issued.Lifetime,
                Scopes = account.Scopes,
            };
        }

        // A client that was disabled a moment ago: what it gets now is of after that.
        private DateTimeOffset IssueTime(ClientRow client)
        {
            var now = clock.GetUtcNow();
            return client.TokensSince < now ? now : client.TokensSince.AddSeconds(1);
        }
    }

    internal sealed class Answer : IOpenIddictServerHandler<ApplyTokenResponseContext>
    {
        public ValueTask HandleAsync(ApplyTokenResponseContext context)
        {
            if (IssuedTokens.Of(context.Transaction) is { } issued && context.Error is null)
            {
                context.Response.ExpiresIn = (long)issued.Lifetime.TotalSeconds;
                context.Response.Scope = string.Join(' ', issued.Scopes);
            }

            context.Response.ErrorUri = null;
            return default;
        }
    }
}
