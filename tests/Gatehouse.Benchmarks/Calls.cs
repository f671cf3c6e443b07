using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Gatehouse.Benchmarks;

/// <summary>Calls whose success is taken for granted: the bench ends with what was answered otherwise.</summary>
internal static class Calls
{
    /// <returns>The body; an undefined element where there is none.</returns>
    public static async Task<JsonElement> SendAsync(
        this HttpClient http,
        HttpMethod method,
        string path,
        object? body = null,
        string? token = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path}: {answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }
}
