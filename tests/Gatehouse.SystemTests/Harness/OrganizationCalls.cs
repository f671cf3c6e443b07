using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Gatehouse.Organizations.Data;

namespace Gatehouse.SystemTests.Harness;

/// <summary>What administrators of organizations do, as HTTP calls.</summary>
internal static class OrganizationCalls
{
    private static int count;

    /// <summary>A code nobody had before.</summary>
    public static string NewCode() => string.Create(CultureInfo.InvariantCulture, $"org-{Interlocked.Increment(ref count)}");

    public static Task<Answer> CallAsync(
        this TestApp app,
        HttpMethod method,
        string path,
        SignedIn by,
        object? body = null,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in headers.Append(by.Tokens.Header))
            request.Headers.TryAddWithoutValidation(name, value);
        return app.Users.SendAsync(request);
    }

    public static async Task AssertRejectedAsync(
        this TestApp app,
        HttpStatusCode status,
        string code,
        HttpMethod method,
        string path,
        SignedIn by,
        object? body = null
    )
    {
        var answer = await app.CallAsync(method, path, by, body);
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    public static async Task AssertDoneAsync(this TestApp app, HttpMethod method, string path, SignedIn by, object? body = null)
    {
        var answer = await app.CallAsync(method, path, by, body);
        Assert.True(answer.Response.IsSuccessStatusCode, $"{method} {path}: {answer.Status} {answer.Text}");
    }

    /// <summary>A new organization; its path.</summary>
    public static async Task<(Guid Id, string Path)> OrganizationAsync(this TestApp app, SignedIn admin, string? code = null)
    {
        var answer = await app.CallAsync(
            HttpMethod.Post,
            "/v1/organizations",
            admin,
            new { code = code ?? NewCode(), name = "North School" }
        );
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var id = answer.Body.GetProperty("id").GetGuid();
        return (id, $"/v1/organizations/{id}");
    }

    /// <summary>An organization of another tenant; its path.</summary>
    public static async Task<(Guid Id, string Path)> ForeignOrganizationAsync(this TestApp app)
    {
        var id = Guid.CreateVersion7(app.Clock.GetUtcNow());
        await app.ExecuteAsync(
            """
            insert into organizations.organizations (tenant_id, id, code, name, created_at, updated_at)
            values (gen_random_uuid(), $1, 'foreign', 'Foreign', now(), now())
            """,
            id
        );
        return (id, $"/v1/organizations/{id}");
    }

    /// <summary>Somebody new who administers that organization.</summary>
    public static async Task<SignedIn> OrganizationAdministratorAsync(this TestApp app, SignedIn admin, Guid organization)
    {
        var user = await app.Users.SomebodyAsync();
        await app.AssertDoneAsync(HttpMethod.Put, user.RolePath(BuiltInRole.OrganizationAdministrator, organization), admin);
        return user;
    }

    public static IReadOnlyList<Guid> Ids(this Answer answer, string member) =>
        [.. answer.Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(member).GetGuid())];
}
