using System.Security.Claims;
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

/// <summary>Gives a client an access token for itself (RFC 6749, 4.4), in the form of all our tokens.</summary>
internal static class IssueToken
{
    private const string Issued = "gatehouse:issued";

    public static void Add(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ValidateTokenRequestContext>(handler =>
            handler.UseSingletonHandler<Validation>().SetOrder(OpenIddictServerHandlers.Exchange.ValidateGrantType.Descriptor.Order + 500)
        );
        server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseSingletonHandler<Issue>());
        // Before the tokens of its own kind.
        server.AddEventHandler<GenerateTokenContext>(handler => handler.UseSingletonHandler<Text>().SetOrder(int.MinValue + 1000));
        server.AddEventHandler<ApplyTokenResponseContext>(handler => handler.UseSingletonHandler<Answer>().SetOrder(int.MinValue + 1000));
    }

    internal sealed class Validation(ClientAuthentication clients) : IOpenIddictServerHandler<ValidateTokenRequestContext>
    {
        public async ValueTask HandleAsync(ValidateTokenRequestContext context)
        {
            if (await clients.AuthenticateAsync(context) is not { } client)
                return;
            // Unknown, of other clients, or not held: it is the same to who asks.
            if (context.Request.GetScopes().Except(client.Scopes, StringComparer.Ordinal).Any())
                context.Reject(Errors.InvalidScope, "The client does not hold one of these scopes.");
        }
    }

    internal sealed class Issue(IAccessTokens tokens, TimeProvider clock) : IOpenIddictServerHandler<HandleTokenRequestContext>
    {
        public ValueTask HandleAsync(HandleTokenRequestContext context)
        {
            var client = ClientAuthentication.Of(context.Transaction);
            var asked = context.Request.GetScopes();
            var account = new ServiceAccount(client.Id)
            {
                ClientId = client.ClientId,
                TokenId = Guid.CreateVersion7(IssueTime(client)),
                Scopes = asked.IsEmpty ? client.Scopes : asked,
            };
            var tenant = context.Transaction.GetHttpRequest()!.HttpContext.Actor().Tenant.Id;
            var issued = tokens.Issue(tenant, account);
            context.Transaction.SetProperty(Issued, new IssuedFor(issued, account));

            var identity = new ClaimsIdentity("Gatehouse");
            identity.SetClaim(Claims.Subject, client.Id.ToString());
            var principal = new ClaimsPrincipal(identity);
            principal.SetScopes(account.Scopes).SetAccessTokenLifetime(issued.Lifetime);
            context.SignIn(principal);
            return default;
        }

        // A client that was disabled a moment ago: what it gets now is of after that.
        private DateTimeOffset IssueTime(ClientRow client)
        {
            var now = clock.GetUtcNow();
            return client.TokensSince < now ? now : client.TokensSince.AddSeconds(1);
        }
    }

    internal sealed class Text : IOpenIddictServerHandler<GenerateTokenContext>
    {
        public ValueTask HandleAsync(GenerateTokenContext context)
        {
            context.Token = context.Transaction.GetProperty<IssuedFor>(Issued)!.Token.Text;
            return default;
        }
    }

    internal sealed class Answer : IOpenIddictServerHandler<ApplyTokenResponseContext>
    {
        public ValueTask HandleAsync(ApplyTokenResponseContext context)
        {
            if (context.Transaction.GetProperty<IssuedFor>(Issued) is { } issued && context.Error is null)
            {
                context.Response.ExpiresIn = (long)issued.Token.Lifetime.TotalSeconds;
                context.Response.Scope = string.Join(' ', issued.Account.Scopes);
            }

            context.Response.ErrorUri = null;
            return default;
        }
    }

    private sealed record IssuedFor(IssuedAccessToken Token, ServiceAccount Account);
}
