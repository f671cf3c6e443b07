using System.Net;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Lists of the console as files.</summary>
public sealed class ConsoleCsvTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Users_are_exported_with_the_filters_in_force_and_nothing_that_a_spreadsheet_runs_or_mails_to()
    {
        var admin = await app.TenantAdministratorAsync();
        var (organization, _) = await app.OrganizationAsync(admin);
        var names = new[] { "=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", " =1+1", "＝1", "Plain, \"quoted\"" };
        var users = new List<SignedIn>();
        foreach (var name in names)
        {
            var user = await app.NamedAsync(name);
            await app.JoinAsync(user, organization, admin);
            await app.PostAsync($"/v1/users/{user.UserId}/disable", body: null, admin).DoneAsync();
            users.Add(user);
        }

        await app.QuietAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);
        var path = $"?organization={organization}&status=disabled";
        Assert.Contains(
            $"href=\"/admin/users.csv?organization={organization}&amp;status=disabled\"",
            (await browser.GetAsync("/admin/users" + path)).Text,
            StringComparison.Ordinal
        );

        var file = await browser.GetAsync("/admin/users.csv" + path);

        Assert.Equal("text/csv", file.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment; filename=\"users.csv\"", file.Response.Content.Headers.ContentDisposition?.ToString());
        var lines = file.Text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("\"id\",\"name\",\"username\",\"status\",\"email_verified\",\"created_at\"", lines[0]);
        Assert.Equal(names.Length, lines.Length - 1);
        foreach (var user in users)
            Assert.DoesNotContain(user.Email, file.Text, StringComparison.OrdinalIgnoreCase);
        foreach (
            var cell in new[] { "\"'=HYPERLINK(\"\"http://x\"\")\"", "\"'+1\"", "\"'-1\"", "\"'@SUM(A1)\"", "\"Plain, \"\"quoted\"\"\"" }
        )
            Assert.Contains(cell, file.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)\"[ ]*[=+@＝-]", file.Text);

        var facts = await FactsAsync(admin);
        Assert.Equal(
            ("users", "7", "yes", "disabled", organization.ToString()),
            (facts["list"], facts["rows"], facts["complete"], facts["status"], facts["organization"])
        );
    }

    [Fact]
    public async Task The_audit_is_exported_over_many_pages_and_a_filter_that_cannot_be_read_leads_to_the_list()
    {
        var admin = await app.TenantAdministratorAsync();
        var user = await app.NamedAsync("Audited in a file");
        await app.QuietAsync();
        await app.ExecuteAsync(
            """
            insert into audit.records
            select (jsonb_populate_record(r, jsonb_build_object('id', left(r.id::text, 24) || lpad(to_hex(n), 12, '0')))).*
              from audit.records r, generate_series(1, 230) n
             where r.id = (select id from audit.records where subject = $1 order by id limit 1)
            """,
            user.UserId
        );
        using var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);

        var file = await browser.GetAsync($"/admin/audit.csv?subject={user.UserId}&period=day&after=ignored");

        var count = await app.ScalarAsync<long>("select count(*) from audit.records where subject = $1", user.UserId);
        var lines = file.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(count, lines.Length - 1);
        Assert.Equal(lines.Length, lines.Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain("Audited in a file", file.Text, StringComparison.Ordinal);
        Assert.Equal(("audit", user.UserId.ToString()), await FactsAsync(admin) is var facts ? (facts["list"], facts["subject"]) : default);

        foreach (var query in new[] { "?period=someday", "?actor=x", "?from=2026-13-01" })
        {
            var answer = await browser.GetAsync("/admin/audit.csv" + query);
            Assert.Equal((HttpStatusCode.SeeOther, "/admin/audit" + query), (answer.Status, answer.Location()));
        }

        foreach (var query in new[] { "?status=asleep", "?organization=x", "?find=x" })
        {
            var answer = await browser.GetAsync("/admin/users.csv" + query);
            Assert.Equal((HttpStatusCode.SeeOther, "/admin/users" + query), (answer.Status, answer.Location()));
        }
    }

    private async Task<Dictionary<string, string>> FactsAsync(SignedIn by)
    {
        await app.QuietAsync();
        var facts = await app.ScalarAsync<string>(
            "select facts from audit.records where action = 'list.exported' and actor = $1 order by id desc limit 1",
            by.UserId
        );
        return JsonSerializer.Deserialize<Dictionary<string, string>>(facts!)!;
    }
}
