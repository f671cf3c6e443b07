using Microsoft.AspNetCore.Http;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.SignIn;

/// <summary>The parameters of authorization requests that mean something here.</summary>
internal static class AuthorizationParameters
{
    /// <summary>Known parameters, each of which stands at most once (RFC 6749, 3.1); <c>resource</c> alone may be repeated.</summary>
    private static readonly string[] Once =
    [
        Parameters.AcrValues,
        Parameters.Claims,
        Parameters.ClientId,
        Parameters.CodeChallenge,
        Parameters.CodeChallengeMethod,
        Parameters.Display,
        Parameters.IdTokenHint,
        Parameters.LoginHint,
        Parameters.MaxAge,
        Parameters.Nonce,
        Parameters.Prompt,
        Parameters.RedirectUri,
        Parameters.Registration,
        Parameters.Request,
        Parameters.RequestUri,
        Parameters.ResponseMode,
        Parameters.ResponseType,
        Parameters.Scope,
        Parameters.State,
        Parameters.UiLocales,
    ];

    public static bool IsKnown(string parameter) => parameter == Parameters.Resource || Once.Contains(parameter, StringComparer.Ordinal);

    public static bool AreRepeated(IQueryCollection query) => Once.Any(name => query[name].Count > 1);
}
