namespace Gatehouse.Web;

/// <summary>An origin (RFC 6454): scheme, host and port. Equal whatever the letter case, and whether or not the scheme's own port is
/// named.</summary>
internal readonly record struct WebOrigin
{
    public required string Scheme { get; init; }

    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Null for what names no http or https origin, such as <c>null</c> or an address with a path.</summary>
    public static WebOrigin? Parse(string? text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return null;
        return uri.AbsolutePath == "/" && text.AsSpan().IndexOfAny('@', '?', '#') < 0 ? Of(uri) : null;
    }

    public static WebOrigin Of(Uri uri) =>
        new()
        {
            Scheme = uri.Scheme,
            Host = uri.IdnHost.ToLowerInvariant(),
            Port = uri.Port,
        };
}
