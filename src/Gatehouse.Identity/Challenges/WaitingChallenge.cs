using Gatehouse.Identity.Tokens;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Challenges;

/// <summary>A challenge that waits in the user's browser, in a cookie: it stands in no address.</summary>
/// <param name="Remember">Whether the session outlives the browser.</param>
/// <param name="ReturnUrl">Where the browser goes on to; empty for the account.</param>
/// <param name="Factors">What it can be answered with.</param>
public sealed record WaitingChallenge(Guid Id, bool Remember, string ReturnUrl, IReadOnlyList<string> Factors)
{
    /// <summary>The page that asks for the second factor.</summary>
    public const string Page = "/sign-in/second-factor";

    private const string Yes = "yes";

    private static readonly SealedCookie Cookie = new("__Host-gatehouse-challenge", "Gatehouse.Challenge", PendingChallenge.MaxLifetime);

    /// <summary>Where the browser goes after a factor was proved: on, signed in, or to the page of the next one.</summary>
    internal static string GoOn(HttpContext http, TokenTransport transport, SignInStep step, bool remember, string? returnUrl)
    {
        if (step is ChallengeDue due)
        {
            Keep(http, due, remember, returnUrl);
            return Page;
        }

        transport.SignIn(http, (SignedIn)step, remember);
        return LocalPath.AfterSignIn(returnUrl);
    }

    internal static void Keep(HttpContext http, ChallengeDue due, bool remember, string? returnUrl) =>
        Cookie.Write(http, Of(http), [due.Id.ToString(), remember ? Yes : "", returnUrl ?? "", string.Join(' ', due.Factors)]);

    /// <summary>Null where none waits.</summary>
    internal static WaitingChallenge? Read(HttpContext http) =>
        Cookie.Read(http, Of(http)) is [var id, var remember, var returnUrl, var factors]
            ? new WaitingChallenge(Guid.Parse(id), remember == Yes, returnUrl, factors.Split(' '))
            : null;

    internal static void Remove(HttpContext http) => Cookie.Remove(http);

    private static string Of(HttpContext http) => http.Actor().Tenant.Id.ToString();

    public override string ToString() => "[challenge]";
}
