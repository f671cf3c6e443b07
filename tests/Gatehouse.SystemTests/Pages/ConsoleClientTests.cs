using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Service accounts in the console.</summary>
public sealed partial class ConsoleClientTests(RunningApp running)
{
    private const string List = "/admin/clients";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_service_account_is_created_with_a_secret_that_is_shown_once()
    {
        var admin = await app.TenantAdministratorAsync();
        using var browser = await SignedInAsync(admin);
        var name = "Made <i>here</i> " + Unique();

        var created = await browser.FillAsync(
            List + "/new",
            List + "/new",
            ("clientName", name),
            ("scopes", "users:read,clients:read"),
            ("secretDays", "30")
        );

        Assert.Equal(HttpStatusCode.SeeOther, created.Status);
        var path = created.Location();
        var first = await browser.GetAsync(path);
        var secret = Secret.Match(first.Text).Value;
        Assert.NotEqual("", secret);
        Assert.Contains("no-store", first.Response.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(name, first.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, created.Text + created.Response.Headers, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(secret[8..], StringComparison.Ordinal));

        var client = await ClientAsync(path, admin, secret);
        Assert.Equal(["clients:read", "users:read"], await ScopesAsync(path, admin));
        await app.TokenAsync(client);
        Assert.Contains(path, (await browser.GetAsync($"{List}?q={Uri.EscapeDataString(client.ClientId)}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_creates_one_service_account_and_shows_the_same_secret()
    {
        var admin = await app.TenantAdministratorAsync();
        using var browser = await SignedInAsync(admin);
        var page = await browser.GetAsync(List + "/new");
        (string, string)[] typed = [("clientName", "Twice " + Unique()), ("scopes", "users:read")];

        var first = await browser.SendFormAsync(page, List + "/new", typed);
        var second = await browser.SendFormAsync(page, List + "/new", typed);

        Assert.Equal(first.Location(), second.Location());
        Assert.Matches(Secret, (await browser.GetAsync(second.Location())).Text);
    }

    [Theory]
    [InlineData("clientName", "")]
    [InlineData("clientName", "two\nlines")]
    [InlineData("scopes", "")]
    [InlineData("scopes", "no:such")]
    [InlineData("organization", "no such organization anywhere")]
    [InlineData("organization", "01a1f96e-3a6f-740d-963f-8de6feb3ecb8")]
    [InlineData("secretDays", "9999")]
    [InlineData("secretDays", "-1")]
    public async Task What_was_mistyped_is_said_beside_its_field_and_the_rest_is_kept(string field, string value)
    {
        using var browser = await SignedInAsync(await app.TenantAdministratorAsync());
        (string Name, string Value)[] good =
        [
            ("clientName", "Kept name"),
            ("organization", ""),
            ("scopes", "users:read"),
            ("secretDays", ""),
        ];

        var rejected = await browser.FillAsync(List + "/new", List + "/new", [.. good.Select(f => f.Name == field ? (field, value) : f)]);

        Assert.Equal(HttpStatusCode.BadRequest, rejected.Status);
        Assert.NotEqual("", rejected.Beside(field));
        if (field != "clientName")
            Assert.Contains("Kept name", rejected.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_gives_or_changes_what_they_do_not_hold_themselves()
    {
        var admin = await app.TenantAdministratorAsync();
        var strong = await app.ClientAsync(admin, "roles:write");
        var weak = await ManagerAsync(admin, "clients:read", "clients:write");
        using var browser = await SignedInAsync(weak);

        Assert.DoesNotContain("value=\"roles:write\"", (await browser.GetAsync(List + "/new")).Text, StringComparison.Ordinal);
        var tried = await browser.FillAsync(List + "/new", List + "/new", ("clientName", "Strong"), ("scopes", "roles:write"));
        Assert.Equal(HttpStatusCode.Forbidden, tried.Status);
        var page = await browser.GetAsync($"{List}/{strong.Id}");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("may do more than you may", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{List}/{strong.Id}/", page.Text, StringComparison.Ordinal);
        foreach (var act in new[] { "edit", "disable", "enable", "delete", "new-secret", $"end-secret/{strong.SecretId}" })
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"{List}/{strong.Id}/{act}")).Status);
    }

    [Fact]
    public async Task Only_who_administers_the_platform_creates_one_for_every_tenant()
    {
        (string, string)[] typed = [("clientName", "Everywhere"), ("scopes", "users:read"), ("platform", "on")];
        using var local = await SignedInAsync(await app.TenantAdministratorAsync());
        Assert.DoesNotContain("name=\"platform\"", (await local.GetAsync(List + "/new")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await local.FillAsync(List + "/new", List + "/new", typed)).Status);

        using var browser = await SignedInAsync(await app.PlatformAdministratorAsync());
        Assert.Contains("name=\"platform\"", (await browser.GetAsync(List + "/new")).Text, StringComparison.Ordinal);
        var created = await browser.FillAsync(List + "/new", List + "/new", typed);
        Assert.Contains("Every tenant", (await browser.GetAsync(created.Location())).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"organization\"", (await browser.GetAsync(created.Location() + "/edit")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_account_is_changed_with_the_version_it_was_opened_with()
    {
        var admin = await app.TenantAdministratorAsync();
        var (organization, _) = await app.OrganizationAsync(admin);
        var code = await app.ScalarAsync<string>("select code from organizations.organizations where id = $1", organization);
        var path = $"{List}/{(await app.ClientAsync(admin, "users:read")).Id}";
        using var browser = await SignedInAsync(admin);
        var page = await browser.GetAsync(path + "/edit");

        var saved = await browser.SendFormAsync(
            page,
            path + "/edit",
            ("clientName", "Renamed"),
            ("organization", code!),
            ("scopes", "users:read,organizations:read")
        );

        Assert.Equal(path, saved.Location());
        var shown = (await browser.GetAsync(path)).Text;
        Assert.Contains("Renamed", shown, StringComparison.Ordinal);
        Assert.Contains($"/admin/organizations/{organization}", shown, StringComparison.Ordinal);
        Assert.Contains($"value=\"{code}\"", (await browser.GetAsync(path + "/edit")).Text, StringComparison.Ordinal);
        var stale = await browser.SendFormAsync(page, path + "/edit", ("clientName", "Again"), ("scopes", "users:read"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);
        Assert.Contains("Again", stale.Text, StringComparison.Ordinal);
        var wrong = await browser.FillAsync(
            path + "/edit",
            path + "/edit",
            ("clientName", "Renamed"),
            ("scopes", "settings:write"),
            ("organization", code!)
        );
        Assert.NotEqual("", wrong.Beside("scopes"));
    }

    [Fact]
    public async Task A_secret_is_replaced_after_a_fresh_proof_and_the_old_one_ends()
    {
        var admin = await app.TenantAdministratorAsync();
        var client = await app.ClientAsync(admin, "users:read");
        var path = $"{List}/{client.Id}";
        using var browser = await SignedInAsync(admin);
        await app.ExecuteAsync(
            "update identity.sessions set authenticated_at = now() - interval '1 hour' where user_id = $1",
            admin.UserId
        );
        await browser.PostAsync("/v1/tokens/refresh", new { transport = "cookie" });

        var early = await browser.FillAsync(path + "/new-secret", path + "/new-secret", ("choice", "90"));
        Assert.Equal(HttpStatusCode.BadRequest, early.Status);
        Assert.NotEqual("", early.Beside("password"));
        var madeUp = await browser.FillAsync(
            path + "/new-secret",
            path + "/new-secret",
            ("choice", "91"),
            ("password", TestUsers.Password)
        );
        Assert.NotEqual("", madeUp.Beside("choice"));
        var done = await browser.FillAsync(path + "/new-secret", path + "/new-secret", ("choice", "90"), ("password", TestUsers.Password));
        Assert.Equal(path, done.Location());

        var page = await browser.GetAsync(path);
        var secret = Secret.Match(page.Text).Value;
        await app.TokenAsync(client with { Secret = secret });
        await app.TokenAsync(client);
        Assert.DoesNotContain(path + "/new-secret", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.FillAsync(path + "/new-secret", path + "/new-secret", ("choice", ""))).Status);

        var end = $"{path}/end-secret/{client.SecretId}";
        Assert.Equal(path, (await browser.FillAsync(end, end)).Location());
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TokenAnswerAsync(client)).Status);
        await app.TokenAsync(client with { Secret = secret });
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(end)).Status);
    }

    [Fact]
    public async Task A_secret_is_shown_on_the_page_of_its_own_service_account_alone()
    {
        var admin = await app.TenantAdministratorAsync();
        var (one, other) = (await app.ClientAsync(admin, "users:read"), await app.ClientAsync(admin, "users:read"));
        using var browser = await SignedInAsync(admin);
        await browser.FillAsync($"{List}/{one.Id}/new-secret", $"{List}/{one.Id}/new-secret", ("choice", ""));

        Assert.DoesNotMatch(Secret, (await browser.GetAsync($"{List}/{other.Id}")).Text);
    }

    [Fact]
    public async Task A_service_account_is_disabled_with_a_reason_enabled_and_deleted()
    {
        var admin = await app.TenantAdministratorAsync();
        var client = await app.ClientAsync(admin, "users:read");
        var path = $"{List}/{client.Id}";
        using var browser = await SignedInAsync(admin);

        Assert.NotEqual("", (await browser.FillAsync(path + "/disable", path + "/disable")).Beside("reason"));
        Assert.Equal(path, (await browser.FillAsync(path + "/disable", path + "/disable", ("reason", "Leaked <b>once</b>"))).Location());
        Assert.Contains("Leaked &lt;b&gt;once&lt;/b&gt;", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TokenAnswerAsync(client)).Status);
        Assert.Equal(path, (await browser.FillAsync(path + "/enable", path + "/enable")).Location());
        await app.TokenAsync(client);

        Assert.NotEqual("", (await browser.FillAsync(path + "/delete", path + "/delete", ("phrase", "something"))).Beside("phrase"));
        Assert.Equal(List, (await browser.FillAsync(path + "/delete", path + "/delete", ("phrase", client.ClientId))).Location());
        foreach (var gone in new[] { path, path + "/edit", path + "/disable" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(gone)).Status);
    }

    [Fact]
    public async Task Service_accounts_are_found_by_name_client_id_and_id()
    {
        var admin = await app.TenantAdministratorAsync();
        var name = "Findable" + Unique();
        var client = await app.ClientAsync(admin, new { name, scopes = ClientCalls.Scopes("users:read") });
        using var browser = await SignedInAsync(admin);

        foreach (var text in new[] { client.ClientId, client.Id.ToString() })
        {
            var opened = await browser.SubmitAsync("/admin/find", [KeyValuePair.Create("find", text)]);
            Assert.Equal($"{List}/{client.Id}", opened.Location());
        }

        var found = await browser.SubmitAsync("/admin/find", [KeyValuePair.Create("find", name[2..].ToUpperInvariant())]);
        Assert.Contains($"{List}/{client.Id}", (await browser.GetAsync(found.Location())).Text, StringComparison.Ordinal);
        Assert.Contains(client.Id.ToString(), (await browser.GetAsync($"{List}?q={name[2..^2]}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(client.Id.ToString(), (await browser.GetAsync(List + "?q=%25")).Text, StringComparison.Ordinal);
        var bad = await browser.GetAsync(List + "?q=" + new string('x', 100));
        Assert.Contains("role=\"alert\"", bad.Text, StringComparison.Ordinal);
    }

    [GeneratedRegex("gcs_[A-Za-z0-9_-]{43}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret { get; }

    private async Task<SignedIn> ManagerAsync(SignedIn admin, params string[] permissions)
    {
        var role = await app.PostAsync("/v1/roles", new { name = "managers-" + Unique(), permissions }, admin);
        var user = await app.Users.SomebodyAsync();
        var given = await app.CallAsync(HttpMethod.Put, user.RolePath(role.Body.GetProperty("id").GetGuid()), admin);
        Assert.InRange((int)given.Status, 200, 204);
        await app.QuietAsync();
        return user;
    }

    private async Task<TestClient> ClientAsync(string path, SignedIn admin, string secret)
    {
        var view = (await app.CallAsync(HttpMethod.Get, path.Replace("/admin/", "/v1/", StringComparison.Ordinal), admin)).Body;
        return new TestClient(view.GetProperty("id").GetGuid(), view.GetProperty("clientId").GetString()!, secret)
        {
            SecretId = view.GetProperty("secrets")[0].GetProperty("id").GetGuid(),
        };
    }

    private async Task<IEnumerable<string?>> ScopesAsync(string path, SignedIn admin)
    {
        var view = (await app.CallAsync(HttpMethod.Get, path.Replace("/admin/", "/v1/", StringComparison.Ordinal), admin)).Body;
        return view.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()).ToList();
    }

    private async Task<Browser> SignedInAsync(SignedIn who)
    {
        var browser = new Browser(app);
        Assert.Equal(HttpStatusCode.Created, (await browser.SignInAsync(who.Email)).Status);
        return browser;
    }

    private string Unique() => Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N")[^8..];
}
