using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Tokens;

/// <summary>What every request says whose answer holds tokens.</summary>
public interface ITokenRequest
{
    const string TransportDescription =
        "body (default) or cookie. With cookie, the tokens are set as HttpOnly cookies; "
        + "this requires the header Gatehouse-Request and a page of the same origin.";
    const string RememberDescription = "With cookies: whether they are kept when the browser is closed. Default false.";

    string? Transport { get; }

    bool? Remember { get; }
}

/// <summary>Hands tokens over in the answer's body or in cookies.</summary>
internal sealed class TokenTransport(TokenOptions options)
{
    private const string Body = "body";
    public const string Cookie = "cookie";

    /// <summary>Whether the tokens may go where the request wants them; goes before the work that makes them.</summary>
    public static Error? Validate<TRequest>(Input<TRequest> input, HttpContext http)
        where TRequest : ITokenRequest
    {
        var (request, errors) = input;
        if (request.Transport is not (null or Body or Cookie))
            errors.Add(
                "transport",
                ValidationCodes.UnknownValue,
                new Dictionary<string, object>(StringComparer.Ordinal) { ["allowed"] = $"{Body}, {Cookie}" }
            );
        // Otherwise another site could sign its visitor in as somebody else (login CSRF).
        return ByCookie(request) && !http.IsOwnCall() ? RequestErrors.CrossSite : null;
    }

    public static bool ByCookie(ITokenRequest request) => request.Transport == Cookie;

    /// <summary>The answer to a proved factor: the tokens, or the challenge for another one.</summary>
    public IResult Answer(HttpContext http, SignInStep step, ITokenRequest request) =>
        step switch
        {
            ChallengeDue due => TypedResults.Ok(due.ToResponse()),
            SignedIn signedIn => Answer(http, signedIn, request, StatusCodes.Status201Created),
            _ => throw new InvalidOperationException($"A sign-in came to {step}."),
        };

    /// <summary>The answer with the tokens; with cookies they are set and left out of it.</summary>
    /// <param name="remember">Whether cookies outlive the browser, where it is not the request that says so.</param>
    public IResult Answer(HttpContext http, SignedIn signedIn, ITokenRequest request, int status, bool? remember = null)
    {
        var tokens = signedIn.Tokens;
        if (ByCookie(request))
        {
            SignIn(http, signedIn, remember ?? request.Remember ?? false);
            tokens = tokens with { AccessToken = null, RefreshToken = null, TokenType = "Cookie" };
        }
        else if (signedIn.DeviceToken is { } device)
        {
            http.RememberDevice(device);
        }

        return TypedResults.Json(
            new SignInResponse
            {
                User = signedIn.User,
                Tokens = tokens,
                DeviceToken = signedIn.DeviceToken,
            },
            statusCode: status
        );
    }

    /// <summary>Signs a browser in: all that it holds goes into cookies.</summary>
    /// <param name="remember">Whether they outlive the browser.</param>
    public void SignIn(HttpContext http, SignedIn signedIn, bool remember)
    {
        if (signedIn.DeviceToken is { } device)
            http.RememberDevice(device);
        http.SetSessionCookies(
            signedIn.Tokens.AccessToken!,
            signedIn.Tokens.RefreshToken!,
            remember ? TimeSpan.FromDays(options.IdleDays) : null
        );
    }
}
