namespace Gatehouse.OpenId.SignIn;

/// <summary>Where applications send the browsers of their users.</summary>
internal static class BrowserPaths
{
    public const string Authorization = "/oauth2/authorize";
    public const string EndSession = "/oauth2/logout";
}
