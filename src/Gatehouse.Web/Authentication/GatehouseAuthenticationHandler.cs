using System.Text.Encodings.Web;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Startup;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Web;

/// <summary>
/// Finds the signed-in user by the access token: in the header <c>Authorization</c> or, without that header, in a cookie; a state-changing
/// call with a cookie must prove that one of our own pages sent it. A bad token or cookie matters only to endpoints that require one: it
/// never keeps anybody from a public one.
/// </summary>
internal sealed class GatehouseAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    ITenantDirectory tenants,
    ReadinessGate ready,
    DatabaseOutage outage,
    IAccessTokenCheck? tokens = null
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder), IAuthenticationHandler
{
    private static readonly AuthenticateResult Refused = AuthenticateResult.Fail("There is no good access token.");

    // A session that was renewed after the token was evaluated counts from then on, for whoever asks.
    Task<AuthenticateResult> IAuthenticationHandler.AuthenticateAsync() =>
        Context.Features.Get<RenewedTicket>() is { Ticket: var ticket }
            ? Task.FromResult(AuthenticateResult.Success(ticket))
            : AuthenticateAsync();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Files, probes and what other services report look at nobody's credentials.
        if (GatehouseAuthentication.IsOwnEndpoint(Context) && !Context.HasMark<ActorMark>())
            return AuthenticateResult.NoResult();
        var token = Context.MayUseCookies() ? Context.AccessCookie() : BearerToken.Of(Request);
        if (tokens is null || token is null)
            return AuthenticateResult.NoResult();
        return (await CheckAsync(tokens, token, Context.MayUseCookies())).Match(
            claims => AuthenticateResult.Success(claims.ToTicket()),
            error => error.Kind == ErrorKind.Unauthenticated ? Refused : AuthenticateResult.Fail(new NotNowException(error))
        );
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var judged = await HandleAuthenticateOnceSafeAsync();
        if (judged.Failure is NotNowException { Error: var notNow })
            await notNow.ToProblem().ExecuteAsync(Context);
        else if (Context.GetEndpoint()?.Metadata.GetMetadata<PageMark>() is { } page)
            await page.SignIn(Context).ExecuteAsync(Context);
        else
            await (IsForeignCall() ? RequestErrors.CrossSite : RequestErrors.Unauthenticated).ToProblem().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (Enrollment.Due(Context) is not { } due)
            return RequestErrors.Forbidden.ToProblem().ExecuteAsync(Context);
        if (!Context.HasMark<PageMark>())
            return due.Error.ToProblem().ExecuteAsync(Context);
        Context.Response.Redirect(due.Path);
        return Task.CompletedTask;
    }

    private async ValueTask<Outcome<AccessClaims>> CheckAsync(IAccessTokenCheck check, string token, bool isCookie)
    {
        if (!ready.IsReady)
            return RequestErrors.DependencyUnavailable;
        try
        {
            var claims = await check.CheckAsync(token, Context.RequestAborted);
            if (!claims.Succeeded)
                return claims;
            // What a user granted to an application is for other services.
            if (claims.Value.User is { ClientId: not null })
                return RequestErrors.Unauthenticated;
            // What endpoints of ours ask of such a session, those of an embedding program do not know.
            if (claims.Value.User is { IsGoodElsewhere: false } && !GatehouseAuthentication.IsOwnEndpoint(Context))
                return RequestErrors.Unauthenticated;
            var tenant = claims.Value.TenantId;
            // A browser cannot help that the domain is another tenant's since it got its cookies.
            if (isCookie && await tenants.FindByHostAsync(Request.Host.Host, Context.RequestAborted) is { } host && host.Id != tenant)
                return RequestErrors.Unauthenticated;
            return claims;
        }
        catch (Exception e) when (outage.Note(e))
        {
            return RequestErrors.DependencyUnavailable;
        }
    }

    private bool IsForeignCall() =>
        Request.Headers.Authorization.Count == 0 && !Context.MayUseCookies() && Context.AccessCookie() is not null;
}

/// <summary>Nobody can say now whether the token is good.</summary>
internal sealed class NotNowException(Error error) : Exception(error.Code)
{
    public Error Error { get; } = error;
}
