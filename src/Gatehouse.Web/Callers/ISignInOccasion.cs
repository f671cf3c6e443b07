using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>Says why somebody is on the page to sign in, where an application sent them there. The module that knows applications
/// answers.</summary>
public interface ISignInOccasion
{
    /// <param name="returnUrl">Where signing in leads.</param>
    /// <returns>Null where no application is waiting for this browser.</returns>
    ValueTask<SignInOccasion?> FindAsync(HttpContext http, string? returnUrl);
}

/// <param name="Application">Its name.</param>
public sealed record SignInOccasion(string Application)
{
    /// <summary>Where it leads to sign nobody in.</summary>
    public required string CancelPath { get; init; }

    /// <summary>Whom the application expects, as the user may have typed it there; null if it does not say.</summary>
    public string? Identifier { get; init; }

    /// <summary>The policy of a page whose form leads to the application in the end.</summary>
    public required ContentPolicy Policy { get; init; }
}
