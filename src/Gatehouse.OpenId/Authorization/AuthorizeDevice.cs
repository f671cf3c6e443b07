using System.Security.Claims;
using Gatehouse.Core.Postgres;
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
/// Begins a sign-in on a device without a browser of its own (RFC 8628): it gets a code for itself and one that its user types on a page of
/// ours, and asks for its tokens until the user has agreed there.
/// </summary>
internal static class AuthorizeDevice
{
    public static void Add(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ValidateDeviceAuthorizationRequestContext>(handler => handler.UseSingletonHandler<Validation>());
        server.AddEventHandler<HandleDeviceAuthorizationRequestContext>(handler => handler.UseSingletonHandler<Begin>());
        server.AddEventHandler<ApplyDeviceAuthorizationResponseContext>(handler =>
            handler.UseSingletonHandler<Answer>().SetOrder(int.MinValue + 1000)
        );
        // The page of the code is ours; nothing leads here.
        server.AddEventHandler<ValidateEndUserVerificationRequestContext>(handler => handler.UseSingletonHandler<Nowhere>());
    }

    internal sealed class Validation(ClientAuthentication clients) : IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>
    {
        public async ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context)
        {
            if (await clients.AuthenticateAsync(context) is { } client && client.SignIn is not { DeviceCode: true })
                context.Reject(Errors.UnauthorizedClient, "The client signs nobody in on devices.");
        }
    }

    internal sealed class Begin(Database database, Issuers issuers, TimeProvider clock)
        : IOpenIddictServerHandler<HandleDeviceAuthorizationRequestContext>
    {
        public async ValueTask HandleAsync(HandleDeviceAuthorizationRequestContext context)
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            var client = ClientAuthentication.Of(context.Transaction);
            var request = new DeviceCode
            {
                TenantId = http.Actor().Tenant.Id,
                Client = client.Id,
                Domain = (await issuers.OfAsync(http)).Domain,
                Scopes = [.. client.SignIn!.Scopes.Intersect(context.Request.GetScopes(), StringComparer.Ordinal)],
                CreatedAt = clock.GetUtcNow(),
            };
            var (device, user) = await database.QueryAsync(db => DeviceCode.InsertAsync(db, request), http.RequestAborted);
            IssuedTokens.Set(context.Transaction, new IssuedTokens { DeviceCode = device, UserCode = user });
            // Nobody is signed in yet.
            context.SignIn(new ClaimsPrincipal(new ClaimsIdentity()));
        }
    }

    internal sealed class Answer(Issuers issuers) : IOpenIddictServerHandler<ApplyDeviceAuthorizationResponseContext>
    {
        public async ValueTask HandleAsync(ApplyDeviceAuthorizationResponseContext context)
        {
            var response = context.Response;
            response.ErrorUri = null;
            if (context.Error is not null || IssuedTokens.Of(context.Transaction) is not { UserCode: { } code })
                return;
            var address = (await issuers.OfAsync(context.Transaction.GetHttpRequest()!.HttpContext)).Url + BrowserPaths.Device;
            response.UserCode = DeviceCode.Show(code);
            response.VerificationUri = address;
            response.VerificationUriComplete = address + QueryString.Create(Parameters.UserCode, DeviceCode.Show(code));
            response.ExpiresIn = (long)DeviceCode.Lifetime.TotalSeconds;
            response["interval"] = DeviceCode.FirstPace;
        }
    }

    internal sealed class Nowhere : IOpenIddictServerHandler<ValidateEndUserVerificationRequestContext>
    {
        public ValueTask HandleAsync(ValidateEndUserVerificationRequestContext context)
        {
            context.Reject(Errors.InvalidRequest);
            return default;
        }
    }
}
