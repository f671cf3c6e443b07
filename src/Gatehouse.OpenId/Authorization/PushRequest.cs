using System.Security.Claims;
using Gatehouse.Core.Postgres;
using Gatehouse.OpenId.Data;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// Takes an authorization request from the client itself, so that no browser sees or changes it (RFC 9126). It is checked as one from a
/// browser is, waits for minutes, and is used up when its code is issued.
/// </summary>
internal static class PushRequest
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public static void Add(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ValidatePushedAuthorizationRequestContext>(handler =>
            handler
                .UseSingletonHandler<Find>()
                .SetOrder(OpenIddictServerHandlers.Authentication.ValidatePushedClientIdParameter.Descriptor.Order + 500)
        );
        server.AddEventHandler<ValidatePushedAuthorizationRequestContext>(handler => handler.UseSingletonHandler<Validation>());
        server.AddEventHandler<HandlePushedAuthorizationRequestContext>(handler => handler.UseSingletonHandler<Keep>());
        server.AddEventHandler<ApplyPushedAuthorizationResponseContext>(handler =>
            handler.UseSingletonHandler<Answer>().SetOrder(int.MinValue + 1000)
        );
    }

    internal sealed class Find(ClientAuthentication clients) : IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>
    {
        public async ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context)
        {
            if (await clients.AuthenticateAsync(context) is { } client)
                AuthorizationTarget.Accept(context, client, context.Request.RedirectUri);
        }
    }

    internal sealed class Validation(IAccessTokens tokens) : IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>
    {
        public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context)
        {
            Authorize.Check(context, context.Request, AuthorizationTarget.Of(context.Transaction)!, tokens.Audience, isPushed: true);
            return default;
        }
    }

    internal sealed class Keep(Database database, Issuers issuers, TimeProvider clock)
        : IOpenIddictServerHandler<HandlePushedAuthorizationRequestContext>
    {
        public async ValueTask HandleAsync(HandlePushedAuthorizationRequestContext context)
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            var client = AuthorizationTarget.Of(context.Transaction)!.Client;
            // What proves the client is no part of the request.
            var parameters = http
                .Request.Form.Where(field => field.Key != Parameters.ClientId)
                .Append(new(Parameters.ClientId, client.ClientId));
            var request = new NewRequest(AuthorizationFlow.QueryOf(parameters))
            {
                Now = clock.GetUtcNow(),
                Lifetime = Lifetime,
                Domain = (await issuers.OfAsync(http)).Domain,
            };
            var reference = await database.QueryAsync(
                db => PendingRequest.SaveAsync(db, http.Actor().Tenant.Id, client.Id, request),
                http.RequestAborted
            );
            IssuedTokens.Set(context.Transaction, new IssuedTokens { Reference = reference });
            // Nobody is signed in yet.
            context.Principal = new ClaimsPrincipal(new ClaimsIdentity());
        }
    }

    internal sealed class Answer : IOpenIddictServerHandler<ApplyPushedAuthorizationResponseContext>
    {
        public ValueTask HandleAsync(ApplyPushedAuthorizationResponseContext context)
        {
            context.Response.ErrorUri = null;
            if (context.Error is null)
                context.Response.ExpiresIn = (long)Lifetime.TotalSeconds;
            return default;
        }
    }
}
