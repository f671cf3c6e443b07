using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Client;

/// <summary>Names that a service may refer to.</summary>
public static class GatehouseDefaults
{
    /// <summary>The authentication scheme: <c>Authorization: Bearer</c> with an access token of Gatehouse.</summary>
    public const string Scheme = "Gatehouse";
}

/// <summary>The authentication scheme. A token that is not good is answered 401; one of which nobody can say, 503.</summary>
internal sealed class GatehouseAuthentication(
    TokenCheck tokens,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var headers = Request.Headers.Authorization;
        if (headers.Count != 1 || headers[0] is not { } header || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return headers.Count > 1 ? AuthenticateResult.Fail("More than one Authorization header.") : AuthenticateResult.NoResult();
        var text = header[Bearer.Length..].Trim();
        try
        {
            if (await tokens.CheckAsync(text, Context.RequestAborted) is not { } token)
                return AuthenticateResult.Fail("The token is not good.");
            Context.Features.Set(new CallerToken(text, token.Hash));
            // A copy: what a service adds to its user must not reach the next request.
            return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(token.Identity.Clone()), Scheme.Name));
        }
        catch (GatehouseUnavailableException e)
        {
            return AuthenticateResult.Fail(e);
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        if (result.Failure is GatehouseUnavailableException)
        {
            await Unavailable.AnswerAsync(Context);
            return;
        }

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.Append(HeaderNames.WWWAuthenticate, result.None ? "Bearer" : "Bearer error=\"invalid_token\"");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (Context.Features.Get<Unavailable>() is not null)
            return Unavailable.AnswerAsync(Context);
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}

/// <summary>The token that the request brought, once it was found good.</summary>
/// <param name="Text">The token.</param>
/// <param name="Hash">What it is remembered by.</param>
internal sealed record CallerToken(string Text, TokenHash Hash)
{
    public override string ToString() => nameof(CallerToken);
}

/// <summary>Marks a request that is rejected only because Gatehouse could not be asked.</summary>
internal sealed class Unavailable
{
    public static readonly Unavailable Mark = new();

    public static Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "1";
        return TypedResults
            .Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "The sign-in service cannot be asked right now.")
            .ExecuteAsync(http);
    }
}
