using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Identity.Tokens;

/// <summary>Tokens and sessions. Values weaker than the minimum are rejected.</summary>
public sealed class TokenOptions
{
    internal const int MaxAccessMinutes = 10;

    /// <summary>
    /// Audience (<c>aud</c>) of access tokens, which services must validate: up to 200 characters. Empty (default): the issuer, which
    /// is the public URL.
    /// </summary>
    [StringLength(200)]
    public string Audience { get; set; } = "";

    /// <summary>Lifetime of an access token in minutes: 1 to 10, default 10.</summary>
    [Range(1, MaxAccessMinutes)]
    public int AccessMinutes { get; set; } = 10;

    /// <summary>Days after which an unused session expires: 1 to 14, default 14.</summary>
    [Range(1, 14)]
    public int IdleDays { get; set; } = 14;

    /// <summary>Days after which every session expires: 1 to 30, default 30.</summary>
    [Range(1, 30)]
    public int SessionDays { get; set; } = 30;

    /// <summary>Maximum number of sessions per user: 1 to 20, default 20. Beyond it, the least recently used session is ended.</summary>
    [Range(1, 20)]
    public int SessionsPerPerson { get; set; } = 20;

    /// <summary>Days after which the signing key is replaced: 2 to 90, default 90.</summary>
    [Range(2, 90)]
    public int KeyDays { get; set; } = 90;

    internal TimeSpan AccessLifetime => TimeSpan.FromMinutes(AccessMinutes);
}
