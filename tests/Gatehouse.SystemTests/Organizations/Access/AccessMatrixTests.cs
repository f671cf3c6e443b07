using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Core.Tenants;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.SystemTests.Webhooks;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SystemTests.Organizations.Access;

/// <summary>
/// Every operation, called by everybody, with ids of the first tenant and of one of its organizations. What each gets stands in
/// <see cref="AccessMatrix"/>; an operation that is not there fails the test.
/// </summary>
public sealed partial class AccessMatrixTests
{
    // Verifying a domain finds nothing, without a look outside.
    private static readonly Dictionary<string, string?> NobodyToAsk = new(StringComparer.Ordinal)
    {
        ["Domains:NameServers:0"] = "127.0.0.1:1",
        ["Domains:FileServer"] = "http://127.0.0.1:1",
        ["Domains:TimeoutSeconds"] = "1",
    };

    [Fact]
    public async Task Everybody_gets_what_the_table_says_at_every_operation()
    {
        await using var app = await TestApp.StartAsync(settings: NobodyToAsk);
        var scene = await Scene.SetAsync(app);
        var operations = Operations(app);
        Assert.Equal(operations, [.. AccessMatrix.Rows.Select(row => row.Operation).Order(StringComparer.Ordinal)]);

        var wrong = new List<string>();
        foreach (var row in AccessMatrix.Rows)
        {
            var got = new List<string>();
            foreach (var who in scene.Actors)
                got.Add(Say(await scene.CallAsync(row, who)));
            if (!got.SequenceEqual(row.Expected, StringComparer.Ordinal))
                wrong.Add($"{row.Operation}\n  says {string.Join(' ', row.Expected)}\n  gets {string.Join(' ', got)}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [GeneratedRegex(":[a-z]+}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constraint { get; }

    // HEAD is the same endpoint as GET.
    private static List<string> Operations(TestApp app) =>
        [
            .. app
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Select(e =>
                    (Path: "/" + e.RoutePattern.RawText?.TrimStart('/'), e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods)
                )
                .Where(e => e.HttpMethods is not null && e.Path.StartsWith("/v1/", StringComparison.Ordinal))
                .SelectMany(e => e.HttpMethods!.Select(method => $"{method} {Constraint.Replace(e.Path, "}")}"))
                .Where(operation => !operation.StartsWith("HEAD ", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    private static string Say(HttpStatusCode status) =>
        status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.TooManyRequests
        || (int)status >= 500
            ? ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : "ok";

    /// <summary>Everybody, and what the first tenant has.</summary>
    private sealed class Scene
    {
        private readonly Dictionary<string, string> ids = new(StringComparer.Ordinal);

        public required TestApp App { get; init; }

        /// <summary>In the order of the columns; null is somebody not signed in.</summary>
        public List<SignedIn?> Actors { get; } = [null];

        public static async Task<Scene> SetAsync(TestApp app)
        {
            var scene = new Scene { App = app };
            var tenants = await app.TenantAdministratorAsync();
            var (refuge, _) = await app.OrganizationAsync(tenants);
            var (home, _) = await app.OrganizationAsync(tenants);
            var (other, _) = await app.OrganizationAsync(tenants);
            var target = await app.Users.SomebodyAsync();
            await app.AssertDoneAsync(HttpMethod.Put, $"/v1/organizations/{home}/members/{target.UserId}", tenants);
            scene.ids["users"] = scene.ids["userId"] = target.UserId.ToString();
            scene.ids["sessions"] = target.Tokens.SessionId.ToString();
            scene.ids["organizations"] = home.ToString();
            scene.ids["otherId"] = other.ToString();
            scene.ids["tenants"] = DefaultTenant.Id.ToString();
            scene.ids["roleId"] = BuiltInRole.OrganizationAdministrator.Id.ToString();
            scene.ids["roles"] = await scene.CreatedAsync("/v1/roles", tenants, new { name = "courier", organizationId = home });
            var client = await app.ClientAsync(tenants, "users:read");
            scene.ids["clients"] = client.Id.ToString();
            scene.ids["secretId"] = client.SecretId.ToString();
            var webhook = await app.WebhookAsync(tenants, "https://receiver.invalid", home, "tenant.domain-verified.v1");
            scene.ids["webhooks"] = webhook.Id.ToString();
            scene.ids["deliveryId"] = Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString();
            scene.ids["role-requests"] = await scene.CreatedAsync(
                "/v1/role-requests",
                target,
                new { roleId = scene.ids["roles"], organizationId = home }
            );

            scene.Actors.Add(await app.Users.SomebodyAsync());
            scene.Actors.Add(await app.OrganizationAdministratorAsync(tenants, other));
            var local = await app.OrganizationAdministratorAsync(tenants, home);
            // The oldest organization is the current one, so the session outlives the deactivation of the other.
            await app.AssertDoneAsync(HttpMethod.Put, $"/v1/organizations/{refuge}/members/{local.UserId}", tenants);
            scene.Actors.Add(local);
            var platform = await app.PlatformAdministratorAsync();
            scene.Actors.Add(await scene.ForeignAdministratorAsync(platform));
            scene.Actors.AddRange([tenants, platform]);
            await app.QuietAsync();
            return scene;
        }

        public async Task<HttpStatusCode> CallAsync(AccessMatrix.Row row, SignedIn? who)
        {
            var (method, template) = row.Operation.Split(' ') is [var verb, var rest]
                ? (verb, rest)
                : throw new FormatException(row.Operation);
            var collection = template.Split('/')[2];
            var path = template
                .Replace(
                    "{id}",
                    ids.GetValueOrDefault(collection, Guid.CreateVersion7(App.Clock.GetUtcNow()).ToString()),
                    StringComparison.Ordinal
                )
                .Replace("{domain}", "school.example", StringComparison.Ordinal)
                .Replace("{code}", "north", StringComparison.Ordinal)
                .Replace("{name}", collection == "usernames" ? "somebody" : "users:read", StringComparison.Ordinal);
            foreach (var (name, id) in ids)
                path = path.Replace($"{{{name}}}", id, StringComparison.Ordinal);
            using var request = new HttpRequestMessage(
                HttpMethod.Parse(method),
                path + row.Query.Replace("{organization}", ids["organizations"], StringComparison.Ordinal)
            );
            if (method is "POST" or "PATCH" || row.Body != AccessMatrix.Row.Empty)
                request.Content = new StringContent(Fill(row.Body), System.Text.Encoding.UTF8, "application/json");
            if (who is null)
                request.Headers.Add("Gatehouse-Tenant", "default");
            else
                request.Headers.Add(who.Tokens.Header.Name, who.Tokens.Header.Value);
            // A live stream has no end.
            using var answer = await App.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return answer.StatusCode;
        }

        private string Fill(string body) =>
            body.Replace("{role}", ids["roles"], StringComparison.Ordinal)
                .Replace("{organization}", ids["organizations"], StringComparison.Ordinal);

        private async Task<string> CreatedAsync(string path, SignedIn by, object body)
        {
            var answer = await App.CallAsync(HttpMethod.Post, path, by, body);
            Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
            return answer.Body.GetProperty("id").GetGuid().ToString();
        }

        private async Task<SignedIn> ForeignAdministratorAsync(SignedIn platform)
        {
            await CreatedAsync("/v1/tenants", platform, new { name = "acme", displayName = "Acme" });
            var header = ("Gatehouse-Tenant", "acme");
            var email = TestUsers.NewEmail();
            var body = new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            };
            var started = await App.Users.PostAsync("/v1/registrations", body, header);
            var code = (await App.Users.LetterAsync(email)).Code;
            var answer = await App.Users.PostAsync($"/v1/registrations/{started.RegistrationId}/verify", new { code }, header);
            var user = new SignedIn(answer.Body.GetProperty("user").GetProperty("id").GetGuid(), email, answer.Tokens(), answer.Device());
            var assigned = await App.CallAsync(
                HttpMethod.Put,
                user.RolePath(BuiltInRole.TenantAdministrator),
                platform,
                body: null,
                header
            );
            Assert.Equal(HttpStatusCode.NoContent, assigned.Status);
            return user;
        }
    }
}
