using System.Net;
using System.Text.Json;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Administration;

/// <summary>Locking users out, letting them in again, and ending their sessions.</summary>
public sealed class DisableUserTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_disabled_user_is_out_at_once_and_in_again_when_enabled()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        await app.PostAsync($"/v1/users/{user.UserId}/disable", body: null, admin).DoneAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(user.Tokens)).Status);
        await app.Users.RefreshAsync(user.Tokens.Refresh).RejectedAsync(HttpStatusCode.Unauthorized, "identity.invalid-refresh-token");
        Assert.Equal("disabled", (await app.GetAsync($"/v1/users/{user.UserId}", admin)).Body.GetProperty("status").GetString());

        await app.PostAsync($"/v1/users/{user.UserId}/enable", body: null, admin).DoneAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(user.Tokens)).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(user.Email)).Status);
        Assert.Equal(
            ["user.disabled", "session.ended", "user.enabled"],
            await app.ScalarAsync<string[]>(
                "select array_agg(action order by seq) from audit.records where subject = $1 and actor = $2",
                user.UserId,
                admin.UserId
            )
        );
    }

    [Fact]
    public async Task Administrators_read_why_a_user_was_disabled_and_by_whom_until_it_is_enabled()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        var path = $"/v1/users/{user.UserId}";
        await app.PostAsync(path + "/disable", new { reason = "  Left the company\u00a0" }, admin).DoneAsync();

        var disabled = (await app.GetAsync(path, admin)).Body;
        Assert.Equal("Left the company", disabled.GetProperty("disabledReason").GetString());
        Assert.Equal(admin.UserId, disabled.GetProperty("disabledBy").GetGuid());
        Assert.Equal(JsonValueKind.String, disabled.GetProperty("disabledAt").ValueKind);
        Assert.False(
            await app.ScalarAsync<bool>(
                "select encode(disabled_reason, 'escape') like '%company%' from identity.users where id = $1",
                user.UserId
            )
        );

        await app.PostAsync(path + "/enable", body: null, admin).DoneAsync();
        var enabled = (await app.GetAsync(path, admin)).Body;
        Assert.All(["disabledReason", "disabledBy", "disabledAt"], name => Assert.Equal(JsonValueKind.Null, Kind(enabled, name)));
    }

    [Theory]
    [InlineData("""{"reason":7}""", "reason", "request.wrong-type")]
    [InlineData("""{"why":"so"}""", "why", "request.unknown-member")]
    [InlineData("""{"reason":"two\nlines"}""", "reason", "request.control-character")]
    public async Task A_reason_that_cannot_be_kept_disables_nobody(string body, string field, string code)
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/users/{user.UserId}/disable")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation(admin.Tokens.Header.Name, admin.Tokens.Header.Value);

        var answer = await app.Users.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        var error = Assert.Single(answer.Body.GetProperty("errors").EnumerateArray());
        Assert.Equal((field, code), (error.GetProperty("field").GetString(), error.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(user.Tokens)).Status);
    }

    [Fact]
    public async Task Who_mistyped_the_password_too_often_may_try_again_when_the_attempts_are_cleared()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        for (var i = 0; i < 5; i++)
            await app.Users.SignInAsync(user.Email, "a wrong umbrella on the hill");
        await app.LengthenWaitsAsync(user);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Users.SignInAsync(user.Email)).Status);

        await app.DeleteAsync($"/v1/users/{user.UserId}/failed-attempts", admin).DoneAsync();

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(user.Email)).Status);
    }

    [Fact]
    public async Task The_right_password_of_a_disabled_user_looks_like_a_wrong_one()
    {
        var (admin, user, other) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        await app.PostAsync($"/v1/users/{user.UserId}/disable", body: null, admin).DoneAsync();

        var right = await app.Users.SignInAsync(user.Email, headers: ("Gatehouse-Device", user.Device));
        var wrong = await app.Users.SignInAsync(other.Email, "a wrong umbrella on the hill", ("Gatehouse-Device", other.Device));
        Assert.Equal((HttpStatusCode.Unauthorized, "identity.invalid-credentials"), (right.Status, right.Code));
        Assert.Equal(Shape(wrong), Shape(right));
        Assert.Equal(wrong.Response.Headers.Select(h => h.Key), right.Response.Headers.Select(h => h.Key));
        Assert.Equal(
            2L,
            await app.ScalarAsync<long>(
                "select count(*) from runtime.events where type = 'user.sign-in-failed.v1' and key in ($1, $2)",
                user.UserId,
                other.UserId
            )
        );
    }

    [Fact]
    public async Task A_disabled_user_gets_no_reset_and_one_begun_before_sets_nothing()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        var begun = await app.Users.PostAsync("/v1/password-resets", new { identifier = user.Email });
        var code = (await app.Users.LetterAsync(user.Email, 2)).ResetCode;
        await app.PostAsync($"/v1/users/{user.UserId}/disable", body: null, admin).DoneAsync();

        var reset = begun.Body.GetProperty("resetId").GetGuid();
        await app
            .Users.PostAsync($"/v1/password-resets/{reset}/complete", new { code, password = "forty lanterns over the lake" })
            .RejectedAsync(HttpStatusCode.Conflict, "identity.reset-superseded");
        var asked = await app.Users.PostAsync("/v1/password-resets", new { identifier = user.Email });
        Assert.Equal(HttpStatusCode.Accepted, asked.Status);
        await app.QuietAsync();
        Assert.Equal(2, (await app.Users.LettersAsync(user.Email)).Count);
    }

    [Fact]
    public async Task Disabling_at_the_same_time_happens_once()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        var path = $"/v1/users/{user.UserId}/disable";
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.PostAsync(path, body: null, admin).DoneAsync()));

        foreach (var type in new[] { "user.disabled.v1", "session.revoked.v1" })
            Assert.Equal(
                1L,
                await app.ScalarAsync<long>("select count(*) from runtime.events where type = $1 and key = $2", type, user.UserId)
            );
    }

    [Fact]
    public async Task A_sign_in_that_races_with_disabling_leaves_no_session()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        var signIns = Enumerable.Range(0, 3).Select(_ => app.Users.SignInAsync(user.Email)).ToList();
        await app.PostAsync($"/v1/users/{user.UserId}/disable", body: null, admin).DoneAsync();
        await Task.WhenAll(signIns);

        Assert.Equal(
            0L,
            await app.ScalarAsync<long>("select count(*) from identity.sessions where user_id = $1 and ended_at is null", user.UserId)
        );
    }

    [Fact]
    public async Task Nobody_disables_themselves_or_whoever_may_do_more()
    {
        var (admin, platform) = (await app.TenantAdministratorAsync(), await app.PlatformAdministratorAsync());
        await app.PostAsync($"/v1/users/{admin.UserId}/disable", body: null, admin)
            .RejectedAsync(HttpStatusCode.Conflict, "identity.own-account");
        var of = $"/v1/users/{platform.UserId}";
        foreach (var verb in new[] { "/disable", "/enable" })
            await app.PostAsync(of + verb, body: null, admin).RejectedAsync(HttpStatusCode.Forbidden, "identity.exceeds-own-access");
        await app.DeleteAsync(of + "/sessions", admin).RejectedAsync(HttpStatusCode.Forbidden, "identity.exceeds-own-access");
        await app.PatchAsync(of, new { name = "Eve" }, admin).RejectedAsync(HttpStatusCode.Forbidden, "identity.exceeds-own-access");
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(platform.Tokens)).Status);
        Assert.Equal(
            4L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where actor = $1 and result = 'refused' and reason = 'identity.exceeds-own-access'",
                admin.UserId
            )
        );
        await app.PostAsync($"/v1/users/{admin.UserId}/disable", body: null, platform).DoneAsync();
    }

    [Fact]
    public async Task An_administrator_of_an_organization_changes_only_who_belongs_to_no_other()
    {
        var admin = await app.TenantAdministratorAsync();
        var (own, foreign) = (await app.OrganizationAsync(), await app.OrganizationAsync());
        var (head, member, shared, stranger) = (
            await app.Users.SomebodyAsync(),
            await app.Users.SomebodyAsync(),
            await app.Users.SomebodyAsync(),
            await app.Users.SomebodyAsync()
        );
        await app.MakeOrganizationAdministratorAsync(head, own, admin);
        await app.JoinAsync(member, own, admin);
        await app.JoinAsync(shared, own, admin);
        await app.JoinAsync(shared, foreign, admin);

        await app.PostAsync($"/v1/users/{member.UserId}/disable", body: null, head).DoneAsync();
        await app.PostAsync($"/v1/users/{shared.UserId}/disable", body: null, head)
            .RejectedAsync(HttpStatusCode.Forbidden, "identity.exceeds-own-access");
        await app.PostAsync($"/v1/users/{stranger.UserId}/disable", body: null, head)
            .RejectedAsync(HttpStatusCode.NotFound, "identity.user-not-found");

        // A member with a role in the whole tenant is not the organization's to change.
        await app.Users.SendAsync(HttpMethod.Put, member.RolePath(BuiltInRole.TenantAdministrator), admin.Tokens).DoneAsync();
        await app.PostAsync($"/v1/users/{member.UserId}/enable", body: null, head)
            .RejectedAsync(HttpStatusCode.Forbidden, "identity.exceeds-own-access");
    }

    [Fact]
    public async Task Sessions_of_a_user_are_listed_and_ended_within_the_call()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        await app.Users.SignInAsync(user.Email);
        var path = $"/v1/users/{user.UserId}/sessions";
        var sessions = (await app.GetAsync(path, admin)).Body.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([false, false], sessions.Select(s => s.GetProperty("current").GetBoolean()));

        await app.DeleteAsync(path, admin).DoneAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(user.Tokens)).Status);
        Assert.Empty(await app.GetAsync(path, admin).IdsAsync());
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(user.Email)).Status);
    }

    [Fact]
    public async Task Unknown_users_and_ids_that_are_none_are_not_found()
    {
        var admin = await app.TenantAdministratorAsync();
        foreach (var id in new[] { Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString(), "me", "1" })
        {
            foreach (var verb in new[] { "disable", "enable" })
                Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync($"/v1/users/{id}/{verb}", body: null, admin)).Status);
            foreach (var path in new[] { $"/v1/users/{id}", $"/v1/users/{id}/sessions" })
                Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync(path, admin)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await app.DeleteAsync($"/v1/users/{id}/sessions", admin)).Status);
        }
    }

    private static string Shape(Answer answer) =>
        string.Join(' ', answer.Body.EnumerateObject().Where(m => m.Name != "traceId").Select(m => m.ToString()));

    private static JsonValueKind Kind(JsonElement user, string name) =>
        user.TryGetProperty(name, out var value) ? value.ValueKind : JsonValueKind.Null;
}
