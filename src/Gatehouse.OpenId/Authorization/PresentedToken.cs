using System.Security.Claims;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>Reads the token that a client asks about. One that is not good, or of another tenant, is none.</summary>
internal sealed class PresentedToken(IAccessTokens tokens) : IOpenIddictServerHandler<ValidateTokenContext>
{
    private const string Facts = "gatehouse:token";

    public static AccessTokenFacts Of(OpenIddictServerTransaction transaction) => transaction.GetProperty<AccessTokenFacts>(Facts)!;

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var described = await tokens.DescribeAsync(context.Token ?? "", http.RequestAborted);
        if (described.Error is { Kind: ErrorKind.Unavailable })
        {
            context.Reject(Errors.TemporarilyUnavailable, "Nobody can say now. Try again in a few seconds.");
            return;
        }

        if (!described.Succeeded || described.Value.Claims.TenantId != http.Actor().Tenant.Id)
        {
            context.Reject(Errors.InvalidToken, "The token is not good.");
            return;
        }

        context.Transaction.SetProperty(Facts, described.Value);
        var principal = new ClaimsPrincipal(new ClaimsIdentity("Gatehouse"));
        context.Principal = principal.SetTokenType(TokenTypeIdentifiers.AccessToken);
    }
}
