using Gatehouse.Core.Postgres;
using Gatehouse.OpenId.Data;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// Sign-out that an application asks for (RP-Initiated Logout). With an ID token of who is signed in here it happens at once; without one
/// the user is asked. The browser goes back only to an address that the client has registered, character by character.
/// </summary>
internal static class EndSession
{
    public static void Add(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ValidateEndSessionRequestContext>(handler =>
            handler.UseSingletonHandler<Validation>().SetOrder(int.MinValue + 1000)
        );
        server.AddEventHandler<HandleEndSessionRequestContext>(handler => handler.UseSingletonHandler<Decide>());
        server.AddEventHandler<ApplyEndSessionResponseContext>(handler => handler.UseSingletonHandler<Answer>());
    }

    /// <summary>Who asks, and whether the browser may go back there.</summary>
    /// <param name="Client">Null where nobody says who asks.</param>
    /// <param name="Hint">Null without an ID token of ours.</param>
    internal sealed record Asking(ClientRow? Client, IdTokenFacts? Hint)
    {
        public const string Key = "gatehouse:end-session";

        public bool MayReturn { get; init; }
    }

    internal sealed class Validation(Database database, IApplicationSessions sessions, Issuers issuers)
        : IOpenIddictServerHandler<ValidateEndSessionRequestContext>
    {
        public async ValueTask HandleAsync(ValidateEndSessionRequestContext context)
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            var request = context.Request;
            if (AuthorizationParameters.AreRepeated(http.Request.Query) || http.Request.Query[Parameters.PostLogoutRedirectUri].Count > 1)
            {
                context.Reject(Errors.InvalidRequest, "A parameter is repeated.");
                return;
            }

            var issuer = await issuers.OfAsync(http);
            var hint = request.IdTokenHint is { } token ? await sessions.ReadIdTokenAsync(token, issuer.Url, http.RequestAborted) : null;
            if (request.IdTokenHint is not null && hint is null)
                context.Reject(Errors.InvalidRequest, "The ID token hint is none of ours.");
            else if (hint is not null && request.ClientId is { } named && named != hint.Audience)
                context.Reject(Errors.InvalidRequest, "The ID token hint is of another client.");
            else
                await FindAsync(context, hint, http);
        }

        private async Task FindAsync(ValidateEndSessionRequestContext context, IdTokenFacts? hint, HttpContext http)
        {
            var clientId = hint?.Audience ?? context.Request.ClientId;
            var client =
                clientId is { Length: > 0 and <= 256 } && !clientId.Any(char.IsControl)
                    ? await database.QueryAsync(
                        db => ClientRow.FindByClientIdAsync(db, http.Actor().Tenant.Id, clientId),
                        http.RequestAborted
                    )
                    : null;
            var address = context.Request.PostLogoutRedirectUri;
            var mayReturn = address is not null && client is { DisabledAt: null, SignIn: { } settings } && settings.MayReturnTo(address);
            if (address is not null && !mayReturn)
                context.Reject(Errors.InvalidRequest, "The address to go back to is not one of the client's.");
            else
                context.Transaction.SetProperty(Asking.Key, new Asking(client, hint) { MayReturn = mayReturn });
        }
    }

    internal sealed class Decide(IApplicationSessions sessions) : IOpenIddictServerHandler<HandleEndSessionRequestContext>
    {
        public async ValueTask HandleAsync(HandleEndSessionRequestContext context)
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            var asking = context.Transaction.GetProperty<Asking>(Asking.Key)!;
            if (http.Features.Get<PostedRequest>() is not null)
            {
                // A form from elsewhere comes without the cookies that say who is signed in.
                await LeadAsync(context, BrowserPaths.EndSession + http.Request.QueryString.ToUriComponent());
                return;
            }

            var user = http.Actor().User;
            if (user is not null && asking.Hint?.Subject != user.Id)
            {
                await LeadAsync(context, EndSessionPages.Path + http.Request.QueryString.ToUriComponent());
                return;
            }

            if (user is not null)
                await sessions.EndAsync(user.Id, user.SessionId, SessionEnding.SignedOut, http.Actor(), CancellationToken.None);
            http.SignOut();
            if (asking.MayReturn)
                context.SignOut();
            else
                await LeadAsync(context, EndSessionPages.DonePath);
        }

        private static async Task LeadAsync(HandleEndSessionRequestContext context, string path)
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            http.Response.Headers.Location = path;
            await TypedResults.StatusCode(StatusCodes.Status303SeeOther).ExecuteAsync(http);
            context.HandleRequest();
        }
    }

    internal sealed class Answer : IOpenIddictServerHandler<ApplyEndSessionResponseContext>
    {
        public async ValueTask HandleAsync(ApplyEndSessionResponseContext context)
        {
            if (context.Error is null)
                return;
            await AuthorizationErrorPage.ShowAsync(context.Transaction.GetHttpRequest()!.HttpContext, context.Response.ErrorDescription);
            context.HandleRequest();
        }
    }
}
