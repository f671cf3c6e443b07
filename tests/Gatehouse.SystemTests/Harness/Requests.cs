using System.Globalization;
using System.Net.Http.Json;

namespace Gatehouse.SystemTests.Harness;

/// <summary>Requests with headers of their own, and what is read from answers.</summary>
internal static class Requests
{
    public static Task<Answer> PostAsync(this TestUsers people, string path, object? body, params (string Name, string Value)[] headers) =>
        people.SendAsync(
            With(new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) }, headers)
        );

    public static Task<Answer> SendAsync(
        this TestUsers people,
        HttpMethod method,
        string path,
        params (string Name, string Value)[] headers
    ) => people.SendAsync(With(new HttpRequestMessage(method, path), headers));

    /// <summary>A request of a signed-in user, with a JSON body if there is one.</summary>
    public static Task<Answer> SendAsync(
        this TestUsers people,
        HttpMethod method,
        string path,
        SignedIn by,
        object? body = null,
        params (string Name, string Value)[] headers
    ) =>
        people.SendAsync(
            With(
                new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) },
                [by.Tokens.Header, .. headers]
            )
        );

    /// <summary>A header's value, or nothing.</summary>
    public static string Header(this Answer answer, string name) =>
        answer.Response.Headers.TryGetValues(name, out var values) || answer.Response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : "";

    /// <summary>Seconds of <c>Retry-After</c>; -1 without the header.</summary>
    public static int RetryAfter(this Answer answer) =>
        int.TryParse(answer.Header("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : -1;

    private static HttpRequestMessage With(HttpRequestMessage request, IEnumerable<(string Name, string Value)> headers)
    {
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
