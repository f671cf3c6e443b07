using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Web;

/// <summary>
/// The cookies of a request by their exact names (RFC 6265, 5.3); the framework's own list takes names in any letters for the same and the
/// last of them for the value. A name that comes twice is none: whoever could set a second cookie on this host must not choose which of the
/// two counts.
/// </summary>
internal sealed class ExactCookies(IHeaderDictionary headers) : IRequestCookiesFeature, IRequestCookieCollection
{
    private Dictionary<string, string>? known;

    public IRequestCookieCollection Cookies
    {
        get => this;
        set => throw new NotSupportedException("The cookies of a request are what its header says.");
    }

    public int Count => Known.Count;

    public ICollection<string> Keys => Known.Keys;

    private Dictionary<string, string> Known => known ??= Read();

    public string? this[string key] => Known.GetValueOrDefault(key);

    public static Task QueryAsync(HttpContext http, RequestDelegate next)
    {
        http.Features.Set<IRequestCookiesFeature>(new ExactCookies(http.Request.Headers));
        return next(http);
    }

    public bool ContainsKey(string key) => Known.ContainsKey(key);

    public bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => Known.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Known.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Dictionary<string, string> Read()
    {
        var cookies = new Dictionary<string, string>(StringComparer.Ordinal);
        var doubled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in headers.Cookie.SelectMany(header => (header ?? "").Split(';')))
        {
            var separator = pair.IndexOf('=', StringComparison.Ordinal);
            if (separator < 0)
                continue;
            var name = pair[..separator].Trim(' ', '\t');
            // The framework escapes the values that it sets.
            if (name.Length > 0 && !cookies.TryAdd(name, Uri.UnescapeDataString(pair[(separator + 1)..].Trim(' ', '\t'))))
                doubled.Add(name);
        }

        foreach (var name in doubled)
            cookies.Remove(name);
        return cookies;
    }
}
