using System.Net;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Http;

/// <summary>What is true of every answer, whichever operation it was for.</summary>
[Collection<MovedTime>]
public sealed class FrontDoorTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("POST", "/v1/registrations", 415)]
    [InlineData("GET", "/v1/usernames/ada", 200)]
    [InlineData("GET", "/v1/usernames/a", 400)]
    [InlineData("GET", "/v1/nothing", 404)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("GET", "/", 200)]
    [InlineData("DELETE", "/v1/registrations", 405)]
    [InlineData("GET", "/register/confirm", 200)]
    [InlineData("GET", "/inbox", 200)]
    [InlineData("GET", "/docs", 200)]
    [InlineData("GET", "/docs/api/index.html", 200)]
    [InlineData("GET", "/asyncapi.json", 200)]
    [InlineData("GET", "/openapi/v1.json", 200)]
    [InlineData("GET", "/health/ready", 200)]
    public async Task Every_answer_carries_the_security_headers(string method, string path, int status)
    {
        var answer = await app.Users.SendAsync(new HttpMethod(method), path);

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("DENY", answer.Header("X-Frame-Options"));
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Resource-Policy"));
        Assert.Contains("camera=()", answer.Header("Permissions-Policy"), StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'unsafe-inline'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("", answer.Header("Server"));
        Assert.Equal("", answer.Header("X-Powered-By"));
        // A page with a form brings the form's cookie; nothing else sets one by itself.
        Assert.Matches("^(__Host-gatehouse-form=[^;]+; path=/; secure; samesite=lax; httponly)?$", answer.Header("Set-Cookie"));
        if (path.StartsWith("/v1", StringComparison.Ordinal))
            Assert.Equal("no-store", answer.Header("Cache-Control"));
        if (path == "/register/confirm")
            Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        if (status >= 400)
            Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task A_wrong_method_is_told_the_right_one()
    {
        var answer = await app.Users.SendAsync(HttpMethod.Put, "/v1/registrations");

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "request.method-not-allowed"), (answer.Status, answer.Code));
        Assert.Equal("POST", answer.Header("Allow"));
    }

    [Fact]
    public async Task The_tenant_of_the_header_is_found_or_the_answer_is_not_found()
    {
        Assert.Equal(HttpStatusCode.OK, (await NamedAsync("default")).Status);
        foreach (var name in new[] { "nobody", "", "Default", "default,default", "../default" })
        {
            var answer = await NamedAsync(name);
            Assert.Equal((HttpStatusCode.NotFound, "request.tenant-unknown"), (answer.Status, answer.Code));
        }

        var before = await app.FootprintAsync();
        var registered = await app.Users.PostAsync("/v1/registrations", Body(TestUsers.NewEmail()), ("Gatehouse-Tenant", "nobody"));
        Assert.Equal("request.tenant-unknown", registered.Code);
        Assert.Equal(before, await app.FootprintAsync());

        Task<Answer> NamedAsync(string tenant) => app.Users.SendAsync(HttpMethod.Get, "/v1/usernames/ada", ("Gatehouse-Tenant", tenant));
    }

    [Fact]
    public async Task A_repeated_key_gives_the_first_answer_and_registers_once()
    {
        var email = TestUsers.NewEmail();
        var key = ("Idempotency-Key", "once-" + email);

        var first = await app.Users.PostAsync("/v1/registrations", Body(email), key);
        var again = await app.Users.PostAsync("/v1/registrations", Body(email), key);

        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.Equal((first.Status, first.Text), (again.Status, again.Text));
        Assert.Equal(("", "true"), (first.Header("Idempotency-Replayed"), again.Header("Idempotency-Replayed")));
        await app.QuietAsync();
        Assert.Single(await app.Users.LettersAsync(email));

        var other = await app.Users.PostAsync("/v1/registrations", Body(TestUsers.NewEmail()), key);
        Assert.Equal((HttpStatusCode.Conflict, "request.idempotency-mismatch"), (other.Status, other.Code));
    }

    [Fact]
    public async Task A_key_is_free_again_after_a_refusal_and_after_a_day()
    {
        var email = TestUsers.NewEmail();
        var key = ("Idempotency-Key", "again-" + email);

        Assert.Equal(HttpStatusCode.BadRequest, (await app.Users.PostAsync("/v1/registrations", new { email }, key)).Status);
        var first = await app.Users.PostAsync("/v1/registrations", Body(email), key);
        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        await app.Users.LetterAsync(email);
        app.Clock.Advance(TimeSpan.FromHours(24));
        var later = await app.Users.PostAsync("/v1/registrations", Body(email), key);

        Assert.Equal(HttpStatusCode.Accepted, later.Status);
        Assert.NotEqual(first.RegistrationId, later.RegistrationId);
    }

    [Fact]
    public async Task A_duplicate_in_flight_is_refused_and_may_come_back()
    {
        var email = TestUsers.NewEmail();
        var key = ("Idempotency-Key", "flight-" + email);
        await using var source = NpgsqlDataSource.Create(app.Databases.Main + ";Pooling=false");
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("lock table identity.code_quotas in access exclusive mode", connection, transaction))
            await command.ExecuteNonQueryAsync();
        var since = app.Clock.GetUtcNow().AddSeconds(-1);

        var first = app.Users.PostAsync("/v1/registrations", Body(email), key);
        await TestApp.EventuallyAsync(
            () =>
                app.ScalarAsync<bool>(
                    "select exists (select 1 from runtime.idempotency_keys where answer is null and created_at > $1)",
                    since
                ),
            "the first call has claimed its key"
        );
        var second = await app.Users.PostAsync("/v1/registrations", Body(email), key);
        await transaction.CommitAsync();

        Assert.Equal((HttpStatusCode.Conflict, "request.idempotency-in-flight"), (second.Status, second.Code));
        Assert.Equal(1, second.RetryAfter());
        Assert.Equal(HttpStatusCode.Accepted, (await first).Status);
        Assert.Equal((await first).Text, (await app.Users.PostAsync("/v1/registrations", Body(email), key)).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("quote\u007f")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        var answer = await app.Users.PostAsync("/v1/registrations", Body(TestUsers.NewEmail()), ("Idempotency-Key", key));

        Assert.Equal((HttpStatusCode.BadRequest, "request.idempotency-key"), (answer.Status, answer.Code));
    }

    private static object Body(string email) =>
        new
        {
            email,
            name = "Ada",
            password = TestUsers.Password,
        };
}
