using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Identity.Tokens;

/// <summary>Tokens and sessions. No value can be set weaker than its floor.</summary>
public sealed class TokenOptions
{
    internal const int MaxAccessMinutes = 10;

    /// <summary>
    /// The audience that access tokens name (<c>aud</c>) and that services must ask for: 1 to 200 characters. Default empty: the issuer, which is the public
    /// address.
    /// </summary>
    [StringLength(200)]
    public string Audience { get; set; } = "";

    /// <summary>Minutes an access token is good for: 1 to 10, default 10.</summary>
    [Range(1, MaxAccessMinutes)]
    public int AccessMinutes { get; set; } = 10;

    /// <summary>Days after which a session ends when its refresh token is not used: 1 to 14, default 14.</summary>
    [Range(1, 14)]
    public int IdleDays { get; set; } = 14;

    /// <summary>Days after which a session ends in any case: 1 to 30, default 30.</summary>
    [Range(1, 30)]
    public int SessionDays { get; set; } = 30;

    /// <summary>Sessions one user may have at once: 1 to 20, default 20. The one used longest ago ends when there is one more.</summary>
    [Range(1, 20)]
    public int SessionsPerPerson { get; set; } = 20;

    /// <summary>Days after which the signing key is replaced: 2 to 90, default 90.</summary>
    [Range(2, 90)]
    public int KeyDays { get; set; } = 90;

    internal TimeSpan AccessLifetime => TimeSpan.FromMinutes(AccessMinutes);
}
