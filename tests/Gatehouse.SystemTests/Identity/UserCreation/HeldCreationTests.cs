using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;

namespace Gatehouse.SystemTests.Identity.UserCreation;

/// <summary>What happens between the request and the job of a creation.</summary>
[Collection<MovedTime>]
public sealed class HeldCreationTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Who_signed_out_or_lost_the_permission_meanwhile_creates_nobody()
    {
        var (gone, lesser) = (await BeginAsync(TestUsers.NewPhone()), await BeginAsync(TestUsers.NewPhone()));
        var admin = await app.TenantAdministratorAsync();
        await using var held = await HeldJobs.BeginAsync(app);
        var ofGone = await app.CreateAsync(gone);
        var ofLesser = await app.CreateAsync(lesser);
        await app.Users.SendAsync(HttpMethod.Delete, $"/v1/sessions/{gone.By.Tokens.SessionId}", gone.By.Tokens).DoneAsync();
        await app.DeleteAsync(lesser.By.RolePath(BuiltInRole.TenantAdministrator), admin).DoneAsync();
        await held.ReleaseAsync();

        // Who signed out reads it in the next session.
        var again = (await app.Users.SignInAsync(gone.By.Email)).SignedIn(gone.By.Email);
        await app.EndAsync(ofGone.Header("Location"), again).FailedAsync("request.unauthenticated");
        await app.EndAsync(ofLesser.Header("Location"), lesser.By).FailedAsync("request.forbidden");
        foreach (var number in new[] { gone.Contact, lesser.Contact })
        {
            var found = await app.PostAsync("/v1/users/lookup", new { phoneNumbers = ClientCalls.Scopes(number) }, admin);
            Assert.Equal(0, found.Body.GetProperty("items").GetArrayLength());
        }

        Assert.Equal(
            "request.forbidden",
            await app.ScalarAsync<string>(
                "select reason from audit.records where actor = $1 and action = 'user.created' and result = 'refused'",
                lesser.By.UserId
            )
        );
    }

    [Fact]
    public async Task A_canceled_creation_costs_no_attempt_and_its_code_stays_good()
    {
        var begun = await BeginAsync(TestUsers.NewPhone());
        await using (var held = await HeldJobs.BeginAsync(app))
        {
            var path = (await app.CreateAsync(begun)).Header("Location");
            var canceled = await app.PostAsync(path + "/cancel", body: null, begun.By);
            Assert.Equal("canceled", canceled.Body.GetProperty("state").GetString());
            await held.ReleaseAsync();
            await app.QuietAsync();
            Assert.Equal("canceled", (await app.GetAsync(path, begun.By)).Body.GetProperty("state").GetString());
        }

        Assert.Equal(5, await app.ScalarAsync<int>("select attempts_remaining::int from identity.verifications where id = $1", begun.Id));
        await app.EndAsync(app.CreateAsync(begun), begun.By).UserAsync();
    }

    [Fact]
    public async Task A_code_that_expires_before_its_job_runs_creates_nobody_and_another_one_does()
    {
        var begun = await BeginAsync(TestUsers.NewPhone());
        await using (var held = await HeldJobs.BeginAsync(app))
        {
            var path = (await app.CreateAsync(begun)).Header("Location");
            app.Clock.Advance(TimeSpan.FromMinutes(10));
            await held.ReleaseAsync();
            await app.EndAsync(path, begun.By).FailedAsync("identity.code-expired");
        }

        var resent = await app.PostAsync($"/v1/verifications/{begun.Id}/resend", body: null, begun.By);
        Assert.Equal(HttpStatusCode.Accepted, resent.Status);
        await app.PostAsync($"/v1/verifications/{begun.Id}/resend", body: null, begun.By)
            .RejectedAsync(HttpStatusCode.TooManyRequests, "identity.resend-too-soon");
        var next = begun with { Code = (await app.Users.LetterAsync(begun.Contact, 2)).Code };
        if (next.Code != begun.Code)
            await app.EndAsync(app.CreateAsync(begun), begun.By).FailedAsync("identity.code-wrong");
        await app.EndAsync(app.CreateAsync(next), begun.By).UserAsync();
    }

    [Fact]
    public async Task One_address_is_sent_ten_codes_a_day()
    {
        var admin = await app.TenantAdministratorAsync();
        var number = TestUsers.NewPhone();
        for (var sent = 0; sent < 10; sent++)
            Assert.Equal(HttpStatusCode.Accepted, (await app.VerificationAsync(number, admin)).Status);
        await app.VerificationAsync(number, admin).RejectedAsync(HttpStatusCode.TooManyRequests, "identity.daily-limit-reached");
    }

    [Fact]
    public async Task Nothing_that_was_sent_or_typed_can_be_read_while_the_job_waits_is_dead_or_is_done()
    {
        using var trace = new TraceOf();
        const string name = "Canary Celadon";
        const string password = "a vermilion heron glides at dawn";
        const string email = "canary.celadon@example.com";
        var begun = await BeginAsync(email);
        var secrets = new[] { password, email, "canary.celadon", begun.Code };
        await using var held = await HeldJobs.BeginAsync(app);
        var answer = await app.PostAsync(
            CreationCalls.Path,
            new
            {
                verificationId = begun.Id,
                code = begun.Code,
                name,
                password,
                sendEmail = false,
            },
            begun.By,
            trace.Header
        );
        var path = answer.Header("Location");
        Assert.Equal(["runtime.jobs.payload"], (await app.PlacesOfAsync($"{begun.Id}")).Where(p => p.StartsWith("runtime.jobs", Ordinal)));
        await AssertNowhereAsync([.. secrets, name, "$argon2"]);

        // Given up, as after many attempts.
        await app.ExecuteAsync("update runtime.jobs set state = 'dead', reason = 'test' where kind = 'users.create'");
        await AssertNowhereAsync([.. secrets, name, "$argon2"]);
        await app.ExecuteAsync("update runtime.jobs set state = 'ready' where kind = 'users.create'");
        await held.ReleaseAsync();
        await app.EndAsync(path, begun.By).UserAsync();
        await app.QuietAsync();
        await AssertNowhereAsync(secrets);

        async Task AssertNowhereAsync(string[] canaries)
        {
            foreach (var canary in canaries)
            {
                // Registered users have hashes, and they are for nobody's job.
                var places = await app.PlacesOfAsync(canary);
                Assert.DoesNotContain(places, place => canary[0] != '$' || !place.StartsWith("identity.", Ordinal));
                var pattern = new Regex($@"(?<!\d){Regex.Escape(canary)}(?!\d)", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(5));
                Assert.DoesNotContain(app.Logs.Lines, pattern.IsMatch);
                Assert.DoesNotContain(trace.Texts(), pattern.IsMatch);
            }
        }
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private async Task<Begun> BeginAsync(string contact) => await app.BegunAsync(contact, await app.TenantAdministratorAsync());
}
