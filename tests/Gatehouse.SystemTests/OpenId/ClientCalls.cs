using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId;

/// <summary>A client as a test created it.</summary>
internal sealed record TestClient(Guid Id, string ClientId, string Secret)
{
    public required Guid SecretId { get; init; }

    public string Path => $"/v1/clients/{Id}";

    public string Basic => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ClientId}:{Secret}"));
}

/// <summary>What service accounts and those who manage them do, as HTTP calls.</summary>
internal static class ClientCalls
{
    public const string TokenPath = "/oauth2/token";
    public const string IntrospectionPath = "/oauth2/introspect";
    public const string RevocationPath = "/oauth2/revoke";

    /// <summary>The scopes in the body of a request.</summary>
    public static string[] Scopes(params string[] scopes) => scopes;

    public static Task<TestClient> ClientAsync(this TestApp app, SignedIn by, params string[] scopes) =>
        app.ClientAsync(by, new { name = "Shop", scopes });

    public static async Task<TestClient> ClientAsync(
        this TestApp app,
        SignedIn by,
        object body,
        params (string Name, string Value)[] headers
    )
    {
        var answer = await app.CallAsync(HttpMethod.Post, "/v1/clients", by, body, headers);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        var (client, secret) = (answer.Body.GetProperty("client"), answer.Body.GetProperty("secret"));
        return new TestClient(
            client.GetProperty("id").GetGuid(),
            client.GetProperty("clientId").GetString()!,
            secret.GetProperty("secret").GetString()!
        )
        {
            SecretId = secret.GetProperty("id").GetGuid(),
        };
    }

    /// <summary>A form posted with Basic authentication.</summary>
    public static Task<Answer> PostAsync(this TestApp app, string path, TestClient client, params (string Name, string Value)[] fields) =>
        app.FormAsync(path, [.. fields], ("Authorization", "Basic " + client.Basic));

    public static async Task<Answer> FormAsync(
        this TestApp app,
        string path,
        IReadOnlyList<(string Name, string Value)> fields,
        params (string Name, string Value)[] headers
    )
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await app.Users.SendAsync(request);
    }

    public static Task<Answer> TokenAnswerAsync(this TestApp app, TestClient client, string? scope = null) =>
        scope is null
            ? app.PostAsync(TokenPath, client, ("grant_type", "client_credentials"))
            : app.PostAsync(TokenPath, client, ("grant_type", "client_credentials"), ("scope", scope));

    public static async Task<string> TokenAsync(this TestApp app, TestClient client, string? scope = null)
    {
        var answer = await app.TokenAnswerAsync(client, scope);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Body.GetProperty("access_token").GetString()!;
    }

    /// <summary>A request with a client's token.</summary>
    public static Task<Answer> AsClientAsync(
        this TestApp app,
        string token,
        HttpMethod method,
        string path,
        object? body = null,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return app.Users.SendAsync(request);
    }

    public static string? Error(this Answer answer) => answer.Body.GetProperty("error").GetString();
}
