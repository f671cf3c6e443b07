using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Gatehouse.SystemTests.Harness;

/// <summary>What administrators of users do.</summary>
internal static class AdministeredUsers
{
    public static Task<Answer> GetAsync(this TestApp app, string path, SignedIn by, params (string Name, string Value)[] headers) =>
        app.Users.SendAsync(HttpMethod.Get, path, [by.Tokens.Header, .. headers]);

    public static Task<Answer> PostAsync(
        this TestApp app,
        string path,
        object? body,
        SignedIn by,
        params (string Name, string Value)[] headers
    ) => app.Users.PostAsync(path, body, [by.Tokens.Header, .. headers]);

    public static Task<Answer> DeleteAsync(this TestApp app, string path, SignedIn by) =>
        app.Users.SendAsync(HttpMethod.Delete, path, by.Tokens);

    public static Task<Answer> PatchAsync(
        this TestApp app,
        string path,
        object body,
        SignedIn by,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(body) };
        foreach (var (name, value) in headers.Prepend(by.Tokens.Header))
            request.Headers.TryAddWithoutValidation(name, value);
        return app.Users.SendAsync(request);
    }

    public static async Task DoneAsync(this Task<Answer> call)
    {
        var answer = await call;
        Assert.True(answer.Status == HttpStatusCode.NoContent, $"{answer.Status}: {answer.Text}");
    }

    public static async Task RejectedAsync(this Task<Answer> call, HttpStatusCode status, string code)
    {
        var answer = await call;
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    /// <summary>The ids of the users of a good answer.</summary>
    public static async Task<IReadOnlyList<Guid>> IdsAsync(this Task<Answer> call)
    {
        var answer = await call;
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Status}: {answer.Text}");
        return [.. answer.Body.GetProperty("items").EnumerateArray().Select(Id)];
    }

    public static Guid Id(JsonElement user) => user.GetProperty("id").GetGuid();

    /// <summary>Gives somebody new another name.</summary>
    public static async Task<SignedIn> NamedAsync(this TestApp app, string name, string? givenName = null, string? familyName = null)
    {
        var user = await app.Users.SomebodyAsync();
        var body = new Dictionary<string, string?>(StringComparer.Ordinal) { ["name"] = name };
        if (givenName is not null)
            body["givenName"] = givenName;
        if (familyName is not null)
            body["familyName"] = familyName;
        var answer = await app.PatchAsync("/v1/me", body, user);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return user;
    }
}
