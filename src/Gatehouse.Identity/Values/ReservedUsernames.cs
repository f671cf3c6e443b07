using System.Collections.Frozen;

namespace Gatehouse.Identity.Values;

/// <summary>
/// Usernames under which a stranger would pass for whoever runs the service, or get what is meant for them: the mailboxes of RFC 2142,
/// roles, and the addresses of pages. Pure.
/// </summary>
internal static class ReservedUsernames
{
    private static readonly FrozenSet<string> Always = new[]
    {
        // RFC 2142
        "abuse",
        "ftp",
        "hostmaster",
        "info",
        "marketing",
        "news",
        "noc",
        "postmaster",
        "sales",
        "security",
        "support",
        "usenet",
        "uucp",
        "webmaster",
        "www",
        // Mail and roles
        "admin",
        "administrator",
        "admins",
        "anonymous",
        "bot",
        "billing",
        "contact",
        "customerservice",
        "daemon",
        "everyone",
        "guest",
        "help",
        "helpdesk",
        "hostadmin",
        "legal",
        "mail",
        "mailerdaemon",
        "mod",
        "moderator",
        "nobody",
        "noreply",
        "donotreply",
        "official",
        "operator",
        "owner",
        "press",
        "privacy",
        "root",
        "service",
        "ssladmin",
        "ssladministrator",
        "sslwebmaster",
        "staff",
        "superuser",
        "sysadmin",
        "system",
        "team",
        "trust",
        "verify",
        "verification",
        // Addresses and words of programs
        "account",
        "accounts",
        "anybody",
        "api",
        "assets",
        "auth",
        "autoconfig",
        "autodiscover",
        "dashboard",
        "docs",
        "forgot",
        "health",
        "login",
        "logout",
        "me",
        "null",
        "oauth",
        "openid",
        "register",
        "reset",
        "settings",
        "signin",
        "signout",
        "signup",
        "undefined",
        "user",
        "users",
        "wellknown",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <param name="serviceName">As users read it; its letters and digits are reserved.</param>
    public static bool Contains(Username username, string serviceName, IEnumerable<string> more)
    {
        var wanted = Bare(username.Key);
        return Always.Contains(wanted) || wanted == Bare(serviceName) || more.Any(name => Bare(name) == wanted);
    }

    private static string Bare(string name) => string.Concat(name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit));
}
