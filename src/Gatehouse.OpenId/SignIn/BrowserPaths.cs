namespace Gatehouse.OpenId.SignIn;

/// <summary>Where applications send the browsers of their users.</summary>
internal static class BrowserPaths
{
    public const string Authorization = "/oauth2/authorize";
    public const string EndSession = "/oauth2/logout";

    /// <summary>Where users go by themselves, with the code of a device.</summary>
    public const string Device = "/device";
}
