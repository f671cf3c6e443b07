using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.UserCreation;

namespace Gatehouse.SystemTests.Identity.Verification;

/// <summary>Verifications in Redis that goes away in the middle, comes back, or is emptied.</summary>
public sealed class RedisOutageTests : IAsyncLifetime
{
    private RedisServer server = null!;
    private TestApp app = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.StartAsync();
        app = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(server.Settings, StringComparer.Ordinal) { ["Verification:Store"] = "redis" }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_redis_codes_wait_and_users_sign_in_and_with_it_again_all_goes_on(bool hangs)
    {
        var (user, pending, lost) = (TestUsers.NewEmail(), TestUsers.NewEmail(), TestUsers.NewEmail());
        await app.Users.RegisteredUserAsync(user);
        var id = (await app.Users.RegisterAsync(pending)).RegistrationId;
        var code = (await app.Users.LetterAsync(pending)).Code;
        await app.QuietAsync();
        await (hangs ? server.HaltAsync() : server.StopAsync());

        foreach (
            var answer in new[]
            {
                await app.Users.RegisterAsync(lost),
                await app.Users.VerifyAsync(id, code),
                await app.Users.ResendAsync(id),
                await app.Users.AskResetAsync(user),
            }
        )
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "request.dependency-unavailable"), (answer.Status, answer.Code));
            Assert.NotNull(answer.Response.Headers.RetryAfter);
        }

        Assert.Equal(HttpStatusCode.Created, (await SignInAsync(user)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode);
        Assert.Empty(await app.Users.LettersAsync(lost));

        await (hangs ? server.GoOnAsync() : server.StartAgainAsync());
        Answer? again = null;
        await TestApp.EventuallyAsync(
            async () => (again = await app.Users.RegisterAsync(lost)).Status == HttpStatusCode.Accepted,
            "Redis is back"
        );
        var verified = await app.Users.VerifyAsync(id, code);
        // A server that kept nothing on disk comes back empty; one that hung kept all.
        Assert.Equal(
            hangs ? (HttpStatusCode.Created, null) : (HttpStatusCode.NotFound, "identity.registration-not-found"),
            (verified.Status, verified.Code)
        );
        var fresh = (await app.Users.LetterAsync(lost)).Code;
        Assert.Equal(HttpStatusCode.Created, (await app.Users.VerifyAsync(again!.RegistrationId, fresh)).Status);
    }

    [Fact]
    public async Task A_flush_voids_what_was_pending_and_nothing_else()
    {
        var (user, pending) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        await app.Users.RegisteredUserAsync(user);
        var id = (await app.Users.RegisterAsync(pending)).RegistrationId;
        var letter = await app.Users.LetterAsync(pending);
        var (reset, resetLetter) = await app.ResetMailAsync(user, user);
        var promised = await app.BegunAsync(TestUsers.NewEmail(), await app.TenantAdministratorAsync());

        Assert.Equal("OK", await server.CommandAsync("flushall"));

        Assert.Equal("identity.registration-not-found", (await app.Users.VerifyAsync(id, letter.Code)).Code);
        Assert.Equal("identity.registration-not-found", (await app.Users.ResendAsync(id)).Code);
        Assert.Equal("identity.link-invalid", (await app.Users.ConfirmAsync(letter.LinkToken)).Code);
        Assert.Equal("identity.reset-not-found", (await app.Users.ResetByCodeAsync(reset, resetLetter.ResetCode)).Code);
        Assert.Equal(HttpStatusCode.Created, (await SignInAsync(user)).Status);
        // Who creates users by code was promised a result: those codes stand in the database.
        await app.EndAsync(app.CreateAsync(promised), promised.By).UserAsync();

        var again = await app.Users.RegisterAsync(pending);
        var code = (await app.Users.LetterAsync(pending, 2)).Code;
        Assert.Equal(HttpStatusCode.Created, (await app.Users.VerifyAsync(again.RegistrationId, code)).Status);
    }

    private Task<Answer> SignInAsync(string email) =>
        app.Users.PostAsync("/v1/sessions", new { identifier = email, password = TestUsers.Password });
}
