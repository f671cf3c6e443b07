using System.Net;
using Gatehouse.Identity.Administration;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Administration;

/// <summary>Listing and searching users, in one tenant.</summary>
public sealed class ListUsersTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Pages_go_from_the_newest_to_the_oldest_without_gap_or_repetition()
    {
        var admin = await app.TenantAdministratorAsync();
        var organization = await app.OrganizationAsync();
        var members = new List<Guid>();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            var member = await app.Users.SomebodyAsync();
            await app.JoinAsync(member, organization, admin);
            members.Insert(0, member.UserId);
        }

        var path = $"/v1/users?organization={organization}&limit=2";
        var first = await app.GetAsync(path, admin);
        var next = first.Body.GetProperty("next").GetString();
        Assert.Equal(members[..2], await Task.FromResult(first).IdsAsync());
        var last = await app.GetAsync($"{path}&after={next}", admin);
        Assert.Equal(members[2..], await Task.FromResult(last).IdsAsync());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, last.Body.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task A_page_shows_contact_data_and_never_a_password_hash()
    {
        var admin = await app.TenantAdministratorAsync();
        var answer = await app.GetAsync($"/v1/users?q={Uri.EscapeDataString(admin.Email)}", admin);
        var user = Assert.Single(answer.Body.GetProperty("items").EnumerateArray());
        Assert.Equal(admin.Email, user.GetProperty("email").GetString());
        Assert.Equal("active", user.GetProperty("status").GetString());
        Assert.DoesNotContain("argon2", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("argon2", (await app.GetAsync($"/v1/users/{admin.UserId}", admin)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Zoë Quixley", "quix")]
    [InlineData("Zoë Quixley", "ZOË")]
    [InlineData("Ördög Nádas", "ÖR")]
    [InlineData("Wt Únwin", "w")]
    [InlineData("अनन्या शर्मा", "अनन")]
    [InlineData("अनन्या शर्मा", "अन")]
    [InlineData("50%_off\\now", "%_o")]
    [InlineData("50%_off\\now", "f\\n")]
    [InlineData("%% percent", "%%")]
    public async Task Names_are_found_by_a_part_of_three_letters_or_how_they_begin(string name, string q)
    {
        var admin = await app.TenantAdministratorAsync();
        var organization = await app.OrganizationAsync();
        var (named, other) = (await app.NamedAsync(name), await app.Users.SomebodyAsync());
        await app.JoinAsync(named, organization, admin);
        await app.JoinAsync(other, organization, admin);

        Assert.Equal([named.UserId], await SearchAsync(admin, organization, q));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("\\")]
    [InlineData("%%%")]
    [InlineData("A_a")]
    [InlineData("da")]
    [InlineData("unknown@example.com")]
    [InlineData("Ada\u200a\u200aAda")]
    public async Task What_nobody_is_called_finds_nobody(string q)
    {
        var admin = await app.TenantAdministratorAsync();
        var organization = await app.OrganizationAsync();
        await app.JoinAsync(await app.Users.SomebodyAsync(), organization, admin);

        Assert.Empty(await SearchAsync(admin, organization, q));
    }

    [Fact]
    public async Task Given_name_family_name_username_and_address_are_found_too()
    {
        var admin = await app.TenantAdministratorAsync();
        var organization = await app.OrganizationAsync();
        var username = "fern-" + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N")[^8..];
        var user = await app.Users.SomebodyAsync(username);
        await app.PatchAsync("/v1/me", new { givenName = "Marisol", familyName = "Okonkwo" }, user);
        await app.JoinAsync(user, organization, admin);

        foreach (var q in new[] { "risol", "ma", "KONK", "ok", username[3..], "fe", user.Email.ToUpperInvariant(), "", "  " })
            Assert.Equal([user.UserId], await SearchAsync(admin, organization, q));
    }

    [Fact]
    public async Task Users_are_filtered_by_role_and_status()
    {
        var admin = await app.TenantAdministratorAsync();
        var organization = await app.OrganizationAsync();
        var (member, head) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        await app.JoinAsync(member, organization, admin);
        await app.MakeOrganizationAdministratorAsync(head, organization, admin);
        var path = $"/v1/users?organization={organization}";

        Assert.Equal([head.UserId], await app.GetAsync(path + "&role=organization-administrator", admin).IdsAsync());
        Assert.Empty(await app.GetAsync(path + "&role=tenant-administrator", admin).IdsAsync());
        Assert.Contains(admin.UserId, await app.GetAsync("/v1/users?role=tenant-administrator&limit=100", admin).IdsAsync());
        await app.PostAsync($"/v1/users/{member.UserId}/disable", body: null, admin).DoneAsync();
        Assert.Equal([member.UserId], await app.GetAsync(path + "&status=disabled", admin).IdsAsync());
        Assert.Equal([head.UserId], await app.GetAsync(path + "&status=active", admin).IdsAsync());
    }

    [Fact]
    public async Task An_administrator_of_an_organization_sees_its_members_only()
    {
        var admin = await app.TenantAdministratorAsync();
        var (own, foreign) = (await app.OrganizationAsync(), await app.OrganizationAsync());
        var (head, member, stranger) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        await app.MakeOrganizationAdministratorAsync(head, own, admin);
        await app.JoinAsync(member, own, admin);
        await app.JoinAsync(stranger, foreign, admin);

        Assert.Equal([member.UserId, head.UserId], await app.GetAsync("/v1/users", head).IdsAsync());
        Assert.Empty(await app.GetAsync($"/v1/users?organization={foreign}", head).IdsAsync());
        Assert.Empty(await app.GetAsync($"/v1/users?q={stranger.Email}", head).IdsAsync());
        Assert.Empty(await app.GetAsync("/v1/users?role=tenant-administrator", head).IdsAsync());
        var found = app.PostAsync("/v1/users/lookup", new { ids = new[] { member.UserId, stranger.UserId } }, head);
        Assert.Equal([member.UserId], await found.IdsAsync());
        foreach (var path in new[] { $"/v1/users/{stranger.UserId}", $"/v1/users/{stranger.UserId}/sessions" })
            await app.GetAsync(path, head).RejectedAsync(HttpStatusCode.NotFound, "identity.user-not-found");
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync($"/v1/users/{member.UserId}", head)).Status);
        // Behind a user out of reach the list goes on, and still shows members only.
        var groups = await app.GetAsync("/v1/users/by-initial", head);
        Assert.Equal(2, groups.Body.GetProperty("groups")[0].GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Grouped_by_first_letter_each_page_continues_the_one_before()
    {
        var admin = await app.TenantAdministratorAsync();
        var organization = await app.OrganizationAsync();
        foreach (var name in new[] { "bea", "Émile", "Bo", "Ali" })
            await app.JoinAsync(await app.NamedAsync(name), organization, admin);

        var path = $"/v1/users/by-initial?organization={organization}&limit=2";
        var first = await app.GetAsync(path, admin);
        var second = await app.GetAsync($"{path}&after={first.Body.GetProperty("next").GetString()}", admin);
        Assert.Equal(["A: Ali", "B: bea"], Groups(first));
        Assert.Equal(["B: Bo", "É: Émile"], Groups(second));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, second.Body.GetProperty("next").ValueKind);
        var madeUp = await app.GetAsync($"{path}&after=AZOzoFwAehCPAAAAAAAAAQ", admin);
        Assert.Empty(Groups(madeUp));
    }

    [Theory]
    [InlineData("q=%00", "q: request.invalid-text")]
    [InlineData("q=a%0Ab", "q: request.control-character")]
    [InlineData("status=gone", "status: request.unknown-value")]
    [InlineData("limit=0", "limit: request.out-of-range")]
    [InlineData("limit=101", "limit: request.out-of-range")]
    [InlineData("after=x", "after: request.cursor-malformed")]
    public async Task Bad_filters_are_named(string query, string error)
    {
        var admin = await app.TenantAdministratorAsync();
        foreach (var path in new[] { "/v1/users?", "/v1/users/by-initial?" })
        {
            var answer = await app.GetAsync(path + query, admin);
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            if (answer.Code == "request.invalid")
                Assert.Equal([error], answer.Errors);
        }
    }

    [Fact]
    public async Task Very_long_texts_and_ids_that_are_none_are_rejected()
    {
        var admin = await app.TenantAdministratorAsync();
        foreach (var query in new[] { "q=" + new string('a', 300), "role=" + new string('a', 65), "organization=me" })
            Assert.Equal(HttpStatusCode.BadRequest, (await app.GetAsync("/v1/users?" + query, admin)).Status);
        Assert.Empty(await app.GetAsync("/v1/users?q=" + new string('z', 250), admin).IdsAsync());
    }

    [Fact]
    public async Task Without_the_permission_nothing_is_listed()
    {
        var user = await app.Users.SomebodyAsync();
        foreach (var path in new[] { "/v1/users", "/v1/users/by-initial", $"/v1/users/{user.UserId}", $"/v1/users/{user.UserId}/sessions" })
        {
            await app.GetAsync(path, user).RejectedAsync(HttpStatusCode.Forbidden, "request.forbidden");
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.GetAsync(path)).Status);
        }
    }

    [Fact]
    public async Task The_search_has_an_index_for_its_expression()
    {
        var plan = await app.ScalarAsync<string>(
            $"""
            begin;
            set local enable_seqscan = off;
            explain (format json) select id from identity.users where {UserFilter.Text} like '%xyzzy%';
            commit
            """
        );
        Assert.Contains("users_text", plan, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<Guid>> SearchAsync(SignedIn by, Guid organization, string q) =>
        app.GetAsync($"/v1/users?organization={organization}&q={Uri.EscapeDataString(q)}", by).IdsAsync();

    private static IEnumerable<string> Groups(Answer answer) =>
        from users in answer.Body.GetProperty("groups").EnumerateArray()
        from user in users.GetProperty("items").EnumerateArray()
        select $"{users.GetProperty("key").GetString()}: {user.GetProperty("name").GetString()}";
}
