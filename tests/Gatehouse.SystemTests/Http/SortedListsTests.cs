using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Http;

/// <summary>Lists are sorted by the columns that an index has.</summary>
public sealed class SortedListsTests(RunningApp running)
{
    private static readonly string[] Scopes = ["users:read"];

    private readonly TestApp app = running.App;

    [Fact]
    public async Task Users_of_one_name_are_parted_by_a_page_and_none_is_lost_or_repeated()
    {
        var (admin, path) = await MembersAsync("bea", "Émile", "Bo", "Ali", "bea", "Zoe");

        Assert.Equal(["Ali", "bea", "bea", "Bo", "Émile", "Zoe"], await WalkAsync(admin, path + "&sort=name"));
        Assert.Equal(["Zoe", "Émile", "Bo", "bea", "bea", "Ali"], await WalkAsync(admin, path + "&sort=-name"));
        Assert.Equal(["bea", "Émile", "Bo", "Ali", "bea", "Zoe"], await WalkAsync(admin, path + "&sort=createdAt"));
        Assert.Equal(["Zoe", "bea", "Ali", "Bo", "Émile", "bea"], await WalkAsync(admin, path + "&sort=-createdAt"));
    }

    [Fact]
    public async Task Who_comes_goes_or_is_renamed_between_two_pages_moves_nobody_else()
    {
        var (admin, path) = await MembersAsync("Ada", "Cid", "Eva");
        var first = await app.GetAsync(path + "&sort=name&limit=2", admin);
        var next = first.Body.GetProperty("next").GetString();
        var last = first.Body.GetProperty("items")[1].GetProperty("id").GetGuid();
        await app.ExecuteAsync("update identity.users set name = 'Zoe' where id = $1", last);
        await JoinAsync(admin, path, "Bob");
        await JoinAsync(admin, path, "Dan");

        Assert.Equal(["Dan", "Eva", "Zoe"], Names(await app.GetAsync($"{path}&sort=name&after={next}", admin)));
        // The name of the user behind whom it goes on is in no address.
        Assert.DoesNotContain(
            "Cid",
            System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(Base64(next!))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Organizations_are_sorted_by_name_and_by_code()
    {
        var admin = await app.TenantAdministratorAsync();
        var mark = "sorted" + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N")[^8..];
        foreach (var (code, name) in new[] { ("b", "Ócean"), ("a-b", "zebra"), ("aa", "Apple") })
            Assert.Equal(
                HttpStatusCode.Created,
                (await app.PostAsync("/v1/organizations", new { code = $"{mark}-{code}", name }, admin)).Status
            );
        var path = $"/v1/organizations?q={mark}";

        Assert.Equal(["Apple", "Ócean", "zebra"], await WalkAsync(admin, path + "&sort=name"));
        Assert.Equal(["zebra", "Apple", "Ócean"], await WalkAsync(admin, path + "&sort=code"));
        Assert.Equal(["Ócean", "Apple", "zebra"], await WalkAsync(admin, path + "&sort=-code"));
        Assert.Equal(["Ócean", "zebra", "Apple"], await WalkAsync(admin, path + "&sort=createdAt"));
    }

    [Fact]
    public async Task Clients_are_sorted_by_name_within_what_is_searched()
    {
        var admin = await app.TenantAdministratorAsync();
        var mark = Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N")[^8..];
        foreach (var name in new[] { "Émile", "zebra", "Apple" })
            Assert.Equal(
                HttpStatusCode.Created,
                (await app.PostAsync("/v1/clients", new { name = $"{name} {mark}", scopes = Scopes }, admin)).Status
            );
        var path = $"/v1/clients?q={mark}";

        Assert.Equal([$"Apple {mark}", $"Émile {mark}", $"zebra {mark}"], await WalkAsync(admin, path + "&sort=name"));
        Assert.Equal([$"zebra {mark}", $"Émile {mark}", $"Apple {mark}"], await WalkAsync(admin, path + "&sort=-name"));
        Assert.Equal([$"Émile {mark}", $"zebra {mark}", $"Apple {mark}"], await WalkAsync(admin, path + "&sort=createdAt"));
    }

    [Fact]
    public async Task Tenants_and_records_of_the_audit_begin_with_the_oldest()
    {
        var admin = await app.TenantAdministratorAsync();
        Assert.NotEmpty(await app.GetAsync("/v1/tenants?sort=displayName", admin).IdsAsync());
        Assert.NotEmpty(await app.GetAsync("/v1/tenants?sort=-name", admin).IdsAsync());
        var records = $"/v1/audit?user={admin.UserId}";
        Assert.Equal((await app.GetAsync(records, admin).IdsAsync()).Reverse(), await app.GetAsync(records + "&sort=at", admin).IdsAsync());
        var first = await app.GetAsync(records + "&sort=at&limit=1", admin);
        var second = await app.GetAsync($"{records}&sort=at&limit=1&after={first.Body.GetProperty("next").GetString()}", admin);
        Assert.True(
            await Task.FromResult(first).IdsAsync() is [var one] && await Task.FromResult(second).IdsAsync() is [var two] && one < two
        );
    }

    [Theory]
    [InlineData("/v1/users", "name, -name, createdAt, -createdAt")]
    [InlineData("/v1/organizations", "name, -name, code, -code, createdAt, -createdAt")]
    [InlineData("/v1/tenants", "displayName, -displayName, name, -name, createdAt, -createdAt")]
    [InlineData("/v1/clients", "name, -name, createdAt, -createdAt")]
    [InlineData("/v1/audit", "at, -at")]
    [InlineData("/v1/jobs", "createdAt, -createdAt")]
    public async Task An_unknown_order_is_rejected_with_those_that_are_known(string path, string allowed)
    {
        var admin = await app.PlatformAdministratorAsync();
        foreach (var sort in new[] { "", "email", "name%27", "-" })
        {
            var answer = await app.GetAsync($"{path}?sort={sort}", admin);
            Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (answer.Status, answer.Code));
            Assert.Equal(["sort: request.unknown-value"], answer.Errors);
            Assert.Contains(allowed, answer.Text, StringComparison.Ordinal);
        }

        // The default by its name is the default.
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync($"{path}?sort={allowed.Split(", ")[^1]}", admin)).Status);
    }

    [Fact]
    public async Task A_cursor_of_another_order_list_or_tenant_is_rejected_like_a_malformed_one()
    {
        var (admin, path) = await MembersAsync("Ann", "Ben");
        var cursor = await NextAsync(admin, path + "&sort=name&limit=1");
        var plain = await NextAsync(admin, path + "&limit=1");
        var platform = await app.PlatformAdministratorAsync();

        foreach (
            var wrong in new[] { $"-name&after={cursor}", $"createdAt&after={plain}", $"name&after={plain}", $"-createdAt&after={cursor}" }
        )
            await MalformedAsync($"{path}&sort={wrong}", admin);
        await MalformedAsync($"/v1/organizations?sort=name&after={cursor}", platform);
        await MalformedAsync($"/v1/users?sort=name&after={cursor![..^4]}AAAA", admin);
        Assert.Equal(["Ben"], Names(await app.GetAsync($"{path}&sort=name&after={cursor}", admin)));
    }

    [Theory]
    [InlineData("identity.users", "name collate \"und-x-icu\"", "users_sorted_by_name")]
    [InlineData("organizations.organizations", "name collate \"und-x-icu\"", "organizations_by_name")]
    [InlineData("organizations.organizations", "code collate \"C\"", "organizations_by_code")]
    [InlineData("organizations.tenants", "display_name collate \"und-x-icu\"", "tenants_by_display_name")]
    [InlineData("organizations.tenants", "name collate \"C\"", "tenants_by_name")]
    [InlineData("openid.clients", "name collate \"und-x-icu\"", "clients_by_name")]
    public async Task Each_order_is_read_from_an_index_without_sorting_in_both_directions(string table, string column, string index)
    {
        var tenant = table.EndsWith("tenants", StringComparison.Ordinal) ? "" : "tenant_id = '00000000-0001-7000-8000-000000000001' and";
        foreach (var (way, beyond) in new[] { ("asc", ">"), ("desc", "<") })
        {
            var plan = await app.ScalarAsync<string>(
                $"""
                begin;
                set local enable_seqscan = off;
                set local enable_bitmapscan = off;
                set local enable_sort = off;
                set local enable_incremental_sort = off;
                explain (format json) select * from {table}
                 where {tenant} ({column}, id) {beyond} ('x', '00000000-0000-7000-8000-0000000000a1')
                 order by {column} {way}, id {way} limit 51;
                commit
                """
            );
            Assert.Contains($"\"{index}\"", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
            // Where it goes on is found in the index as well.
            Assert.Contains("ROW(", plan[plan.IndexOf("Index Cond", StringComparison.Ordinal)..], StringComparison.Ordinal);
        }
    }

    private async Task<(SignedIn Admin, string Path)> MembersAsync(params string[] names)
    {
        var admin = await app.TenantAdministratorAsync();
        var path = $"/v1/users?organization={await app.OrganizationAsync()}";
        foreach (var name in names)
            await JoinAsync(admin, path, name);
        return (admin, path);
    }

    private async Task JoinAsync(SignedIn admin, string path, string name) =>
        await app.JoinAsync(await app.NamedAsync(name), Guid.Parse(path[(path.IndexOf('=', StringComparison.Ordinal) + 1)..]), admin);

    private async Task<List<string>> WalkAsync(SignedIn admin, string path)
    {
        var names = new List<string>();
        for (string? next = ""; next is not null; )
        {
            var page = await app.GetAsync($"{path}&limit=2" + (next.Length > 0 ? "&after=" + next : ""), admin);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            names.AddRange(Names(page));
            next = page.Body.GetProperty("next").GetString();
        }

        return names;
    }

    private async Task<string?> NextAsync(SignedIn admin, string path) =>
        (await app.GetAsync(path, admin)).Body.GetProperty("next").GetString();

    private async Task MalformedAsync(string path, SignedIn by)
    {
        var answer = await app.GetAsync(path, by);
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (answer.Status, answer.Code));
        Assert.Equal(["after: request.cursor-malformed"], answer.Errors);
    }

    private static string Base64(string cursor) => cursor.Replace('-', '+').Replace('_', '/').PadRight((cursor.Length + 3) / 4 * 4, '=');

    private static List<string> Names(Answer answer) =>
        [.. answer.Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
}
