using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Long lists of the console are walked to their end and back.</summary>
public sealed partial class ConsolePagingTests
{
    private static readonly string[] Permissions = ["users:read"];

    [Fact]
    public async Task Previous_leads_back_page_by_page_to_what_was_shown_before()
    {
        await using var app = await TestApp.StartAsync();
        var admin = await app.TenantAdministratorAsync();
        var user = await app.NamedAsync("Paged");
        await app.QuietAsync();
        foreach (var (table, rows, one) in new[] { ("identity.users", 120, user.UserId), ("audit.records", 120, user.UserId) })
            await app.ExecuteAsync(
                $"""
                insert into {table}
                select (jsonb_populate_record(r, jsonb_build_object('id', left(r.id::text, 24) || lpad(to_hex(n), 12, '0')))).*
                  from {table} r, generate_series(1, {rows}) n
                 where r.id = (select id from {table} where {(table == "identity.users" ? "id" : "subject")} = $1 order by id limit 1)
                """,
                one
            );
        for (var i = 0; i < 60; i++)
            Assert.Equal(
                HttpStatusCode.Created,
                (await app.PostAsync("/v1/roles", new { name = $"paged-{i}", permissions = Permissions }, admin)).Status
            );
        using var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);

        foreach (var (path, pages) in new[] { ("/admin/users", 3), ("/admin/roles", 2), ($"/admin/users/{user.UserId}/activity", 3) })
        {
            var there = new List<string>();
            for (var next = path; next is not null; next = Link(there[^1], "next"))
                there.Add((await browser.GetAsync(next)).Text);
            Assert.Equal(pages, there.Count);
            Assert.Null(Link(there[0], "prev"));
            for (var i = pages - 2; i >= 0; i--)
            {
                there[i + 1] = (await browser.GetAsync(Link(there[i + 1], "prev")!)).Text;
                Assert.Equal(Rows(there[i]), Rows(there[i + 1]));
                Assert.NotEmpty(Rows(there[i]));
                there[i] = there[i + 1];
            }

            Assert.Null(Link(there[0], "prev"));
            Assert.NotNull(Link(there[0], "next"));
        }

        Assert.Contains("role=\"alert\"", (await browser.GetAsync("/admin/users?before=x")).Text, StringComparison.Ordinal);
    }

    private static List<string> Rows(string page) => [.. Row.Matches(page).Select(match => match.Groups["path"].Value)];

    private static string? Link(string page, string relation) =>
        Pages.Matches(page).FirstOrDefault(match => match.Groups["rel"].Value == relation) is { } link
            ? WebUtility.HtmlDecode(link.Groups["path"].Value).Replace("#list", "", StringComparison.Ordinal)
            : null;

    // The way back in the address differs by the page it leads to.
    [GeneratedRegex(
        "<th scope=\"row\"[^>]*><a class=\"name\" href=\"(?<path>[^\"?]*)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Row { get; }

    [GeneratedRegex(
        "href=\"(?<path>[^\"]*)\" rel=\"(?<rel>next|prev)\"",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Pages { get; }
}
