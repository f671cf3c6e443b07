namespace Gatehouse.OpenId.Data;

/// <summary>
/// Where an application lets browsers be sent. An address is compared as a text (RFC 9700, 2.1); only the port of a loopback address may
/// differ, because programs on a user's own device do not choose it (RFC 8252, 7.3). Pure.
/// </summary>
internal static class RedirectUri
{
    public const int MaxLength = 1000;

    // For programs on the user's own device: a name that resolves is another matter than an address, but what they register.
    private static readonly string[] Loopback = ["http://127.0.0.1", "http://[::1]", "http://localhost"];

    /// <summary>Whether it can be registered: https, http on the user's own device, or, for a public client, a scheme of the application
    /// itself, which has a dot (RFC 8252, 7.1).</summary>
    public static bool IsAllowed(string text, bool isPublic)
    {
        if (
            text.Length is 0 or > MaxLength
            || text.AsSpan().ContainsAnyExceptInRange('!', '~')
            || text.AsSpan().ContainsAny('#', '\\', '"')
        )
            return false;
        if (text.AsSpan().ContainsAny('<', '>') || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0)
            return false;
        // What the parser would write otherwise could be read otherwise.
        if (uri.Scheme == Uri.UriSchemeHttps)
            return text.StartsWith("https://", StringComparison.Ordinal)
                && uri.Host.Length > 0
                && !text.Contains('@', StringComparison.Ordinal);
        if (uri.Scheme == Uri.UriSchemeHttp)
            return Loopback.Any(start => RestAfterPort(text, start) is not null);
        return isPublic
            && uri.Scheme.Contains('.', StringComparison.Ordinal)
            && text.StartsWith(uri.Scheme + ":/", StringComparison.Ordinal);
    }

    /// <summary>Whether the address of a request is the registered one.</summary>
    public static bool Matches(string registered, string presented, bool isPublic)
    {
        if (string.Equals(registered, presented, StringComparison.Ordinal))
            return true;
        if (!isPublic)
            return false;
        foreach (var start in Loopback)
        {
            if (RestAfterPort(registered, start) is { } rest && RestAfterPort(presented, start) is { } other)
                return string.Equals(rest, other, StringComparison.Ordinal);
        }

        return false;
    }

    /// <summary>What follows host and port; null for an address that begins otherwise.</summary>
    private static string? RestAfterPort(string text, string start)
    {
        if (!text.StartsWith(start, StringComparison.Ordinal))
            return null;
        var rest = text[start.Length..];
        if (rest.StartsWith(':'))
        {
            var digits = rest.AsSpan(1).IndexOfAnyExceptInRange('0', '9');
            var port = digits < 0 ? rest.AsSpan(1) : rest.AsSpan(1, digits);
            if (!ushort.TryParse(port, out var number) || number == 0)
                return null;
            rest = rest[(1 + port.Length)..];
        }

        return rest.Length == 0 || rest[0] is '/' or '?' ? rest : null;
    }
}
