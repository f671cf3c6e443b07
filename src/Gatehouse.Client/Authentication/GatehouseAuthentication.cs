using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Client;

/// <summary>Names that a service may refer to.</summary>
public static class GatehouseDefaults
{
    /// <summary>The authentication scheme: <c>Authorization: Bearer</c> with an access token of Gatehouse.</summary>
    public const string Scheme = "Gatehouse";
}

/// <summary>
/// The authentication scheme. A token that is not good is answered 401; one of which nobody can say, 503. It has no options, and is made
/// for each request, so it does without the framework's base class, whose services and tasks cost more than the check.
/// </summary>
internal sealed class GatehouseAuthentication(TokenCheck tokens) : IAuthenticationHandler
{
    private const string Bearer = "Bearer ";
    private static readonly AuthenticateResult NotGood = AuthenticateResult.Fail("The token is not good.");
    private static readonly AuthenticateResult TooMany = AuthenticateResult.Fail("More than one Authorization header.");

    private HttpContext http = null!;
    private string scheme = "";
    private Task<AuthenticateResult>? result;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        (this.scheme, http) = (scheme.Name, context);
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync() => result ??= CheckAsync();

    public async Task ChallengeAsync(AuthenticationProperties? properties)
    {
        var checkedResult = await AuthenticateAsync();
        if (checkedResult.Failure is GatehouseUnavailableException)
        {
            await Unavailable.AnswerAsync(http);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.Append(HeaderNames.WWWAuthenticate, checkedResult.None ? "Bearer" : "Bearer error=\"invalid_token\"");
    }

    public Task ForbidAsync(AuthenticationProperties? properties)
    {
        if (http.Features.Get<Unavailable>() is not null)
            return Unavailable.AnswerAsync(http);
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private Task<AuthenticateResult> CheckAsync()
    {
        var headers = http.Request.Headers.Authorization;
        if (headers.Count > 1)
            return Task.FromResult(TooMany);
        if (headers.Count == 0 || headers[0] is not { } header || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Task.FromResult(AuthenticateResult.NoResult());
        var text = header.AsSpan(Bearer.Length).Trim();
        return tokens.TryDecide(text, out var token) ? Task.FromResult(Answer(token)) : AskAsync(text.ToString());
    }

    private async Task<AuthenticateResult> AskAsync(string text)
    {
        try
        {
            return Answer(await tokens.CheckAsync(text, http.RequestAborted));
        }
        catch (GatehouseUnavailableException e)
        {
            return AuthenticateResult.Fail(e);
        }
    }

    private AuthenticateResult Answer(CheckedToken? token)
    {
        if (token is null)
            return NotGood;
        http.Features.Set(token.Carried);
        // A copy: what a service adds to its user must not reach the next request.
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(token.Identity.Clone()), scheme));
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
