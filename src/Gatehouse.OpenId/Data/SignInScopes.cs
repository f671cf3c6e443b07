namespace Gatehouse.OpenId.Data;

/// <summary>What applications may ask users for (OpenID Connect Core, 5.4 and 11).</summary>
internal static class SignInScopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";
    public const string Phone = "phone";

    /// <summary>The names of the user's roles.</summary>
    public const string Groups = "groups";

    /// <summary>A session that outlives the browser's.</summary>
    public const string OfflineAccess = "offline_access";

    public static readonly IReadOnlyList<string> All = [OpenId, Profile, Email, Phone, Groups, OfflineAccess];

    public static readonly IReadOnlyList<string> Default = [OpenId, Profile, Email];
}
