using System.Net;
using Gatehouse.Identity.SignIn;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.SignIn;

/// <summary>Who knows the password is in; everybody else hears one and the same no.</summary>
public sealed class SignInTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Who_hangs_up_while_the_password_is_looked_at_leaves_a_trace_of_every_try_that_counted()
    {
        var person = await app.Users.SomebodyAsync();
        for (var wait = 1; wait <= 8; wait++)
        {
            using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(wait * 2));
            using var body = System.Net.Http.Json.JsonContent.Create(
                new { identifier = person.Email, password = "not the password at all" }
            );
            try
            {
                using var answer = await app.Http.PostAsync(new Uri("/v1/sessions", UriKind.Relative), body, impatience.Token);
            }
            catch (OperationCanceledException)
            {
                // That is what is tried.
            }
        }

        await TestApp.EventuallyAsync(
            async () =>
                await app.ScalarAsync<bool>(
                    """
                    select coalesce((select sum(f.failures) from identity.sign_in_failures f
                                     where f.account = $2), 0)
                         = (select count(*) from runtime.events where key = $1 and type = 'user.sign-in-failed.v1')
                    """,
                    person.UserId,
                    app.Services.GetRequiredService<Throttle>()
                        .AccountOf(person.Tokens.Claims.GetProperty("tid").GetGuid(), person.UserId)
                        .ToStored()
                ),
            "as many events as failures"
        );
    }

    [Fact]
    public async Task Address_and_username_in_any_case_and_form_sign_in()
    {
        var email = TestUsers.NewEmail();
        var person = await app.Users.SomebodyAsync("grace-hopper", email);

        foreach (var identifier in new[] { email, email.ToUpperInvariant(), $" {email} ", "grace-hopper", "Grace-Hopper" })
        {
            var answer = await app.Users.SignInAsync(identifier);
            Assert.Equal(HttpStatusCode.Created, answer.Status);
            Assert.Equal(person.UserId, answer.Body.GetProperty("user").GetProperty("id").GetGuid());
            Assert.Equal(600, answer.Body.GetProperty("tokens").GetProperty("expiresIn").GetInt32());
            Assert.Equal("Bearer", answer.Body.GetProperty("tokens").GetProperty("tokenType").GetString());
            var cookie = answer.Header("Set-Cookie");
            Assert.StartsWith($"__Host-gatehouse-device={answer.Device()};", cookie, StringComparison.Ordinal);
            Assert.All(["path=/", "secure", "httponly", "samesite=lax"], part => Assert.Contains(part, cookie, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_sign_in_is_told_to_other_services()
    {
        var person = await app.Users.SomebodyAsync();

        var first = await app.Users.SignInAsync(person.Email);
        await app.Users.SignInAsync(person.Email, headers: ("Gatehouse-Device", first.Device()));
        await app.Users.SignInAsync(person.Email, "wrong");

        Assert.Equal(
            "user.registered.v1, user.verified.v1, session.started.v1, session.started.v1, user.signed-in.v1 false, session.started.v1, "
                + "user.signed-in.v1 true, user.sign-in-failed.v1",
            await app.ScalarAsync<string>(
                """
                select string_agg(concat_ws(' ', type, data::json ->> 'knownDevice'), ', ' order by subject_version) from runtime.events
                 where key = $1 and subject_version is not null
                """,
                person.UserId
            )
        );
    }

    [Theory]
    [InlineData("nobody@example.com", "wrong")]
    [InlineData("nobody", "wrong")]
    [InlineData("no body @ example", "wrong")]
    [InlineData("@", "wrong")]
    [InlineData("' or 1=1 --", "wrong")]
    [InlineData("x", "x")]
    public async Task What_is_nobodys_identifier_is_refused_like_a_wrong_password(string identifier, string password)
    {
        var person = await app.Users.SomebodyAsync();
        var wrong = await app.Users.SignInAsync(person.Email, "wrong");

        var answer = await app.Users.SignInAsync(identifier, password);

        Assert.Equal((HttpStatusCode.Unauthorized, "identity.invalid-credentials"), (answer.Status, answer.Code));
        Assert.Equal(wrong.Text.Length, answer.Text.Length);
        Assert.Equal("", answer.Header("Set-Cookie"));
    }

    [Theory]
    [InlineData(null, "x", "identifier: request.required")]
    [InlineData("", "x", "identifier: request.required")]
    [InlineData("ada", null, "password: request.required")]
    [InlineData("ada", "", "password: request.required")]
    [InlineData("ad\u0001a", "x", "identifier: request.control-character")]
    [InlineData(null, null, "identifier: request.required;password: request.required")]
    public async Task Every_fault_of_the_form_is_named_at_once(string? identifier, string? password, string faults)
    {
        var answer = await app.Users.PostAsync("/v1/sessions", new { identifier, password });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(faults.Split(';'), answer.Errors);
    }
}
