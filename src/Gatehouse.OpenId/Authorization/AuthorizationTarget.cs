using Gatehouse.Core.Postgres;
using Gatehouse.OpenId.Data;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// Whom an authorization request is from and where its answer goes. As long as that is not certain nothing is sent anywhere: the user reads
/// it on a page of ours. From then on every rejection goes to the client.
/// </summary>
internal sealed record AuthorizationTarget(ClientRow Client, string RedirectUri)
{
    private const string Key = "gatehouse:target";

    /// <summary>Null while it is not certain.</summary>
    public static AuthorizationTarget? Of(OpenIddictServerTransaction transaction) => transaction.GetProperty<AuthorizationTarget>(Key);

    /// <summary>Rejects a request whose client or address is not good.</summary>
    public static bool Accept(BaseValidatingContext context, ClientRow? client, string? redirectUri)
    {
        if (client is not { DisabledAt: null, SignIn: { } settings })
        {
            context.Reject(Errors.InvalidRequest, "The client is unknown or signs nobody in.");
            return false;
        }

        if (redirectUri is null || !settings.MayRedirectTo(redirectUri))
        {
            context.Reject(Errors.InvalidRequest, "The redirect address is not one of the client's.");
            return false;
        }

        context.Transaction.SetProperty(Key, new AuthorizationTarget(client, redirectUri));
        return true;
    }

    /// <summary>Goes first.</summary>
    internal sealed class Find(Database database) : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
    {
        public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            var (ids, addresses) = (http.Request.Query[Parameters.ClientId], http.Request.Query[Parameters.RedirectUri]);
            var client =
                ids is [{ Length: > 0 and <= 256 } id] && !id.Any(char.IsControl)
                    ? await database.QueryAsync(db => ClientRow.FindByClientIdAsync(db, http.Actor().Tenant.Id, id), http.RequestAborted)
                    : null;
            if (Accept(context, client, addresses is [{ } address] ? address : null) && Rejection(http, context.Request) is { } rejection)
                context.Reject(rejection.Error, rejection.Description);
        }

        private static (string Error, string Description)? Rejection(HttpContext http, OpenIddictRequest request)
        {
            if (AuthorizationParameters.AreRepeated(http.Request.Query))
                return (Errors.InvalidRequest, "A parameter is repeated.");
            if (request.RequestUri is not null)
                return (Errors.RequestUriNotSupported, "Only requests that were pushed here are read by reference.");
            if (request.GetParameter(Parameters.Registration) is not null)
                return (Errors.RegistrationNotSupported, "Clients do not register with a request.");
            return null;
        }
    }
}
