namespace Gatehouse.Web.Pages;

/// <summary>
/// Where a page may send a browser that named the way itself (<c>returnUrl</c>): a path of this server and nothing that any browser could
/// take for another one (CWE-601).
/// </summary>
public static class LocalPath
{
    public const string Home = "/";

    /// <summary>Where whoever has just signed in goes on to.</summary>
    public const string Account = "/account";

    /// <summary>What signs the user in.</summary>
    public const string Security = Account + "/security";

    /// <summary>Where whoever has to add a second factor does so.</summary>
    public const string SecondFactor = Security + "/second-factor";

    /// <summary>Where whoever has closed the account opens it again.</summary>
    public const string Closed = Account + "/closed";

    private const int MaxLength = 2048;

    /// <summary>The path, with its query, or the start page when it is none.</summary>
    public static string OrHome(string? path) => path is not null && IsLocal(path) ? path : Home;

    /// <summary>Where a browser goes that is signed in now.</summary>
    public static string AfterSignIn(string? returnUrl) => string.IsNullOrEmpty(returnUrl) ? Account : OrHome(returnUrl);

    // Browsers read a backslash as a slash, and drop tabs and line ends wherever they stand (WHATWG URL, 4.4): neither has any business
    // here.
    private static bool IsLocal(string path) =>
        path.Length is > 0 and <= MaxLength
        && path[0] == '/'
        && !path.StartsWith("//", StringComparison.Ordinal)
        && !path.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !path.Contains('\\', StringComparison.Ordinal);
}
