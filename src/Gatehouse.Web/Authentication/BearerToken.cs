using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>The access token in the header <c>Authorization</c>.</summary>
internal static class BearerToken
{
    private const string Prefix = "Bearer ";

    /// <summary>Null for none. Two credentials are none: nobody may choose which one a proxy saw (RFC 6750, 2).</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers.Authorization is { Count: 1 } headers
        && headers.ToString() is var header
        && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && header.Length > Prefix.Length
            ? header[Prefix.Length..].Trim(' ')
            : null;
}
