using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Administration;

/// <summary>Reading, changing and looking up single users.</summary>
public sealed class UpdateUserTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_change_by_an_administrator_is_what_the_user_sees()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        var path = $"/v1/users/{user.UserId}";
        var read = await app.GetAsync(path, admin);
        Assert.Equal(read.Header("ETag"), (await app.Users.MeAsync(user.Tokens)).Header("ETag"));

        var changed = await app.PatchAsync(path, new { name = "Grace", about = "Admiral" }, admin, ("If-Match", read.Header("ETag")));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal("active", changed.Body.GetProperty("status").GetString());
        Assert.Equal("Grace", (await app.Users.MeAsync(user.Tokens)).Body.GetProperty("name").GetString());
        await app.PatchAsync(path, new { name = "Eve" }, admin, ("If-Match", read.Header("ETag")))
            .RejectedAsync(HttpStatusCode.PreconditionFailed, "request.precondition-failed");
        Assert.Equal(
            "name, about",
            await app.ScalarAsync<string>(
                "select facts::jsonb ->> 'changed' from audit.records where subject = $1 and actor = $2 and action = 'user.updated'",
                user.UserId,
                admin.UserId
            )
        );
    }

    [Fact]
    public async Task What_cannot_be_changed_is_rejected()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        var path = $"/v1/users/{user.UserId}";
        foreach (var member in new[] { "email", "status", "passwordHash", "id" })
        {
            var body = new Dictionary<string, string>(StringComparer.Ordinal) { [member] = "x" };
            Assert.Equal([$"{member}: request.unknown-member"], (await app.PatchAsync(path, body, admin)).Errors);
        }

        Assert.Equal(["name: request.required"], (await app.PatchAsync(path, new { name = "" }, admin)).Errors);
        await app.PatchAsync(path, new { name = "Eve" }, user).RejectedAsync(HttpStatusCode.Forbidden, "request.forbidden");
        await app.PatchAsync($"/v1/users/{Guid.CreateVersion7(app.Clock.GetUtcNow())}", new { name = "Eve" }, admin)
            .RejectedAsync(HttpStatusCode.NotFound, "identity.user-not-found");
    }

    [Fact]
    public async Task Users_are_looked_up_by_id_address_and_username_each_once()
    {
        var admin = await app.TenantAdministratorAsync();
        var username = "kim-" + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N")[^8..];
        var (first, second, third) = (
            await app.Users.SomebodyAsync(),
            await app.Users.SomebodyAsync(),
            await app.Users.SomebodyAsync(username)
        );
        var found = await app.PostAsync(
                "/v1/users/lookup",
                new
                {
                    ids = new[] { first.UserId, Guid.CreateVersion7(app.Clock.GetUtcNow()) },
                    emails = new[] { second.Email.ToUpperInvariant(), first.Email, "nobody@example.com" },
                    usernames = new[] { username.ToUpperInvariant(), "nobody-at-all" },
                },
                admin
            )
            .IdsAsync();
        Assert.Equal(new[] { first.UserId, second.UserId, third.UserId }.Order(), found.Order());
        Assert.Empty(await app.PostAsync("/v1/users/lookup", new { }, admin).IdsAsync());
    }

    [Fact]
    public async Task A_lookup_names_what_is_wrong_with_it()
    {
        var admin = await app.TenantAdministratorAsync();
        var wrong = await app.Users.SendAsync(Raw("""{"ids":["me"],"emails":["ada"],"usernames":["a b"]}"""));
        Assert.Equal(
            ["ids[0]: request.invalid-text", "emails[0]: identity.email-invalid", "usernames[0]: identity.username-invalid"],
            wrong.Errors
        );
        var many = Enumerable.Range(0, 51).Select(i => $"user{i}").ToArray();
        var emails = many.Select(name => name + "@example.com").ToArray();
        Assert.Equal(["emails: request.out-of-range"], (await LookUpAsync(new { emails, usernames = many })).Errors);
        Assert.Equal(["phones: request.unknown-member"], (await LookUpAsync(new { phones = many })).Errors);

        HttpRequestMessage Raw(string json)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/v1/users/lookup")
            {
                Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Authorization", "Bearer " + admin.Tokens.Access);
            return request;
        }

        Task<Answer> LookUpAsync(object body) => app.PostAsync("/v1/users/lookup", body, admin);
    }
}
