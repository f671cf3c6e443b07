using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gatehouse.SystemTests.Harness;

/// <summary>What a browser does with cookies and says of the origin of its calls. The framework's own jar refuses secure cookies over plain
/// HTTP, which browsers take from localhost.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient http;
    private readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> headers;

    public Browser(TestApp app)
    {
        http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = app.Http.BaseAddress,
            Timeout = TestApp.Patience,
        };
        headers = new(StringComparer.Ordinal)
        {
            ["Gatehouse-Request"] = "1",
            ["Sec-Fetch-Site"] = "same-origin",
            ["Origin"] = app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority),
        };
    }

    public IReadOnlyDictionary<string, string> Cookies => cookies;

    /// <summary>A header of all calls that follow; null takes it away.</summary>
    public void Set(string header, string? value) => headers[header] = value;

    public void SetCookie(string name, string value) => cookies[name] = value;

    public Task<Answer> SignInAsync(string identifier, bool remember = false) =>
        PostAsync(
            "/v1/sessions",
            new
            {
                identifier,
                password = TestUsers.Password,
                transport = "cookie",
                remember,
            }
        );

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, JsonContent.Create(body));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers.Where(h => h.Value is not null && (method != HttpMethod.Get || h.Key != "Origin")))
            request.Headers.TryAddWithoutValidation(name, value);
        if (cookies.Count > 0)
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}")));

        var response = await http.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
            foreach (var cookie in set)
                Keep(cookie);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = text.Length > 0 && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return new Answer(response.StatusCode, isJson ? JsonDocument.Parse(text).RootElement : default, text, response);
    }

    /// <summary>Fills in a form of ours and sends it. The token comes from a page that has a form for everybody.</summary>
    public async Task<Answer> SubmitAsync(string path, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var page = await GetAsync("/sign-up");
        var token = Regex.Match(page.Text, "name=\"form-token\" value=\"([^\"]+)\"").Groups[1].Value;
        return await SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(fields.Append(KeyValuePair.Create("form-token", token))));
    }

    public void Dispose() => http.Dispose();

    private void Keep(string cookie)
    {
        var pair = cookie.Split(';')[0].Split('=', 2);
        if (cookie.Contains("max-age=0", StringComparison.Ordinal))
            cookies.Remove(pair[0]);
        else
            cookies[pair[0]] = Uri.UnescapeDataString(pair[1]);
    }
}
