using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace FoodDelivery.Http;

/// <summary>Gatehouse's HTTP API, called on behalf of who calls here: with their token, in their language and with their address.</summary>
internal sealed class GatehouseApi(HttpClient http, IHttpContextAccessor context, IOptions<AdapterOptions> options)
{
    /// <param name="method">The method.</param>
    /// <param name="path">Without a slash at its begin.</param>
    /// <param name="token">The caller's; null for nobody.</param>
    /// <param name="body">JSON, if there is one.</param>
    public async Task<Reply> SendAsync(HttpMethod method, string path, Token? token = null, JsonObject? body = null)
    {
        var caller = context.HttpContext!;
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (caller.Request.Headers.AcceptLanguage.ToString() is { Length: > 0 } languages && Ascii.IsValid(languages))
            request.Headers.TryAddWithoutValidation("Accept-Language", languages);
        // Gatehouse believes it if this machine is among its Proxies:Trusted; otherwise everybody shares the limits of one address.
        var addresses = caller.Request.Headers["X-Forwarded-For"].Where(list => Ascii.IsValid(list ?? "")).ToList();
        if (caller.Connection.RemoteIpAddress is { } address)
            addresses.Add((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString());
        if (addresses.Count > 0)
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", string.Join(", ", addresses));
        if (options.Value.TenantName.Length > 0)
            request.Headers.TryAddWithoutValidation("Gatehouse-Tenant", options.Value.TenantName);

        using var response = await http.SendAsync(request, caller.RequestAborted);
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        var text = await response.Content.ReadAsStringAsync(caller.RequestAborted);
        return new Reply(response.StatusCode, isJson && text.Length > 0 ? JsonDocument.Parse(text).RootElement : default)
        {
            RetryAfter = response.Headers.RetryAfter?.ToString(),
        };
    }

    /// <summary>All items of a list, page by page.</summary>
    /// <returns>With the first reply that is none.</returns>
    public async Task<(IReadOnlyList<JsonElement> Items, Reply? Rejection)> ListAsync(string path, Token token)
    {
        var items = new List<JsonElement>();
        string? after = null;
        do
        {
            var page = await SendAsync(HttpMethod.Get, after is null ? path : $"{path}&after={Uri.EscapeDataString(after)}", token);
            if (page.Status != HttpStatusCode.OK)
                return (items, page);
            items.AddRange(page.Body.GetProperty("items").EnumerateArray());
            after = page.Body.GetProperty("next").GetString();
        } while (after is not null);
        return (items, null);
    }
}

/// <summary>What Gatehouse answered.</summary>
internal sealed record Reply(HttpStatusCode Status, JsonElement Body)
{
    public string? RetryAfter { get; init; }

    /// <summary>Whether it could not answer.</summary>
    public bool IsOutage => (int)Status >= 500;

    public override string ToString() => $"[{(int)Status}]";
}
