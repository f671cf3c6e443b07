using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.Web.Admin;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Other pages of the console name service accounts.</summary>
public sealed class ConsoleClientNamesTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task The_audit_and_a_user_who_was_disabled_name_the_service_account_that_acted()
    {
        var admin = await app.TenantAdministratorAsync();
        var name = "Acting " + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N")[^8..];
        var client = await app.ClientAsync(admin, new { name, scopes = ClientCalls.Scopes("users:write", "users:read") });
        var user = await app.Users.SomebodyAsync();
        var token = await app.TokenAsync(client);
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await app.AsClientAsync(token, HttpMethod.Post, $"/v1/users/{user.UserId}/disable")).Status
        );
        await app.QuietAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);
        var link = $"href=\"{ConsolePaths.Clients}/{client.Id}\"";

        foreach (
            var path in new[] { $"/admin/audit?actor={client.Id}", $"/admin/users/{user.UserId}", $"/admin/users/{user.UserId}/activity" }
        )
        {
            var page = (await browser.GetAsync(path)).Text;
            Assert.Contains(link, page, StringComparison.Ordinal);
            Assert.Contains(name, page, StringComparison.Ordinal);
        }

        var changes = (await browser.GetAsync($"/admin/audit?action=client.created&actor={admin.UserId}")).Text;
        Assert.Contains(link, changes, StringComparison.Ordinal);
        var records = await app.CallAsync(HttpMethod.Get, $"/v1/audit?actor={client.Id}", admin);
        var record = records.Body.GetProperty("items")[0];
        Assert.Equal(name, record.GetProperty("actor").GetProperty("name").GetString());
        Assert.Contains(
            link,
            (await browser.GetAsync($"/admin/audit/{record.GetProperty("id").GetString()}")).Text,
            StringComparison.Ordinal
        );

        await app.CallAsync(HttpMethod.Delete, client.Path, admin);
        var without = (await browser.GetAsync($"/admin/audit?actor={client.Id}")).Text;
        Assert.DoesNotContain(link, without, StringComparison.Ordinal);
        Assert.Contains($"<code>{client.Id}</code>", without, StringComparison.Ordinal);
    }
}
