using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.OpenId.Clients;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// Revokes a token (RFC 7009): one of the client itself, of a user in the client, whose session there ends, or, with the permission, of any
/// user. On this node it counts for nothing at once, on others within a second. What is no good token, or none of the client's, is none to
/// revoke, and no error: nobody learns whether another one's token is good.
/// </summary>
internal static class RevokeToken
{
    public static void Add(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ValidateRevocationRequestContext>(handler =>
            handler
                .UseSingletonHandler<Validation>()
                .SetOrder(OpenIddictServerHandlers.Revocation.ValidateTokenParameter.Descriptor.Order + 500)
        );
        server.AddEventHandler<HandleRevocationRequestContext>(handler =>
            handler.UseSingletonHandler<Revoke>().SetOrder(OpenIddictServerHandlers.Revocation.RevokeToken.Descriptor.Order - 500)
        );
        server.AddEventHandler<ApplyRevocationResponseContext>(handler =>
            handler.UseSingletonHandler<Answer>().SetOrder(int.MinValue + 1000)
        );
    }

    internal sealed class Validation(ClientAuthentication clients) : IOpenIddictServerHandler<ValidateRevocationRequestContext>
    {
        public async ValueTask HandleAsync(ValidateRevocationRequestContext context) => await clients.AuthenticateAsync(context);
    }

    internal sealed class Revoke(Database database, IAccessTokens tokens, IApplicationSessions sessions, ServiceAccountDirectory directory)
        : IOpenIddictServerHandler<HandleRevocationRequestContext>
    {
        public async ValueTask HandleAsync(HandleRevocationRequestContext context)
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            var client = ClientAuthentication.Of(context.Transaction);
            var actor = http.Actor() with { ServiceAccount = AccountOf(client) };
            if (PresentedToken.GrantOf(context.Transaction) is { } grant)
            {
                // Its id alone is no secret.
                if (await sessions.IsGenuineAsync(context.Request.Token!, client.ClientId, http.RequestAborted))
                    await EndAsync(grant.UserId, grant.Id, actor);
                return;
            }

            var token = PresentedToken.Of(context.Transaction)!;
            if (token.Claims.User is { ClientId: { } owner } granted && owner == client.ClientId)
                await EndAsync(granted.Id, granted.SessionId, actor);
            else if (token.Claims.ServiceAccount is { } account && account.Id == client.Id)
                await RevokeOwnAsync(account, token.ExpiresAt, actor);
            else if (token.Claims.User is { } user && client.Where is null && MayRevokeSessions(client))
                await tokens.EndSessionAsync(user, actor, CancellationToken.None);
        }

        // An access token is of a session, as its refresh tokens are: there is nothing less to end.
        private Task EndAsync(Guid user, Guid session, Actor actor) =>
            sessions.EndAsync(user, session, SessionEnding.RevokedByClient, actor, CancellationToken.None);

        private async Task RevokeOwnAsync(ServiceAccount account, DateTimeOffset expires, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            await database.InTransactionAsync(
                "client.revoke-token",
                async tx =>
                {
                    var revoked = await RevokedTokens.AddAsync(tx, tenant, account.Id, (account.TokenId, expires));
                    if (revoked > 0)
                        tx.Record(AuditRecord.Of(actor, "client.token-revoked"));
                    tx.AfterCommit(() => directory.Forget(tenant, account.Id));
                    return revoked;
                },
                CancellationToken.None
            );
        }

        private static bool MayRevokeSessions(ClientRow client) =>
            client.Scopes.Contains(AuthorizationArea.RevokeSessions.Name, StringComparer.Ordinal);

        private static ServiceAccount AccountOf(ClientRow client) =>
            new(client.Id)
            {
                ClientId = client.ClientId,
                TokenId = Guid.Empty,
                Scopes = client.Scopes,
            };
    }

    internal sealed class Answer : IOpenIddictServerHandler<ApplyRevocationResponseContext>
    {
        public ValueTask HandleAsync(ApplyRevocationResponseContext context)
        {
            context.Response.ErrorUri = null;
            return default;
        }
    }
}
