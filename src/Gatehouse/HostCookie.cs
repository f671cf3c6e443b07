using Microsoft.AspNetCore.Http;

namespace Gatehouse;

/// <summary>Always secure, whatever the request looks like from here: a proxy may have ended TLS, and browsers take secure cookies from
/// localhost too.</summary>
internal sealed class HostCookie : CookieBuilder
{
    public HostCookie() => SecurePolicy = CookieSecurePolicy.None;

    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        options.Secure = true;
        return options;
    }
}
