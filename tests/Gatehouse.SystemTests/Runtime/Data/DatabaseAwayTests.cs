using System.Net;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Runtime.Data;

[Trait("Speed", "Slow")]
public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private (string Main, string Keys) direct;
    private Cable cable = null!;

    public async Task InitializeAsync()
    {
        direct = await (await TestDatabases.GetAsync()).CreateAsync();
        cable = new Cable(direct.Main);
        cable.Mend();
    }

    public async Task DisposeAsync() => await cable.DisposeAsync();

    [Fact]
    public async Task Requests_are_told_to_come_back_and_all_goes_on_by_itself_when_the_database_returns()
    {
        await using var app = await StartAsync();
        await ExecuteAsync("update runtime.lanes set owner = '00000000-0000-7000-8000-00000000dead', leased_until = now() + interval '1 hour'");
        var email = People.NewEmail();
        var started = await app.People.RegisterAsync(email);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);

        cable.Cut();
        await ExecuteAsync("update runtime.lanes set owner = null, leased_until = null");
        ExpectComeBack(await app.People.RegisterAsync(People.NewEmail()));
        ExpectComeBack(await app.People.VerifyAsync(started.RegistrationId, "123456"));
        ExpectComeBack(await app.People.GetAsync("/v1/usernames/somebody"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.People.GetAsync("/health/ready")).Status);
        Assert.Equal("live", (await app.People.GetAsync("/health/live")).Text);
        using (var health = await app.Management.GetAsync(new Uri("/health", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Contains("\"not-ready\"", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        cable.Mend();
        await TestApp.EventuallyAsync(async () => (await app.People.GetAsync("/health/ready")).Text == "ready", "ready again", seconds: 20);
        var letter = await app.People.LetterAsync(email);
        Assert.Equal(HttpStatusCode.Created, (await app.People.VerifyAsync(started.RegistrationId, letter.Code)).Status);
        await app.QuietAsync();
    }

    [Fact]
    public async Task A_database_that_is_away_at_the_start_is_waited_for()
    {
        cable.Cut();
        await using var app = await StartAsync();
        ExpectComeBack(await app.People.RegisterAsync(People.NewEmail()));
        Assert.Equal("not ready", (await app.People.GetAsync("/health/ready")).Text);
        Assert.Equal("live", (await app.People.GetAsync("/health/live")).Text);

        cable.Mend();
        // Until the node has opened schema, keys and log, a database that answers is not enough.
        await TestApp.EventuallyAsync(
            async () =>
            {
                var answer = await app.People.RegisterAsync(People.NewEmail());
                if (answer.Status != HttpStatusCode.Accepted) ExpectComeBack(answer);
                return answer.Status == HttpStatusCode.Accepted;
            },
            "the server serves",
            seconds: 20);
        Assert.Equal("ready", (await app.People.GetAsync("/health/ready")).Text);
        await app.People.RegisteredUserAsync(People.NewEmail());
    }

    private static void ExpectComeBack(Answer answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("request.dependency-unavailable", answer.Code);
        Assert.NotNull(answer.Response.Headers.RetryAfter?.Delta);
    }

    private Task<TestApp> StartAsync() => TestApp.StartAsync((cable.Through(direct.Main), cable.Through(direct.Keys)));

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(direct.Main + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
