using System.Net;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Core.Postgres;

[Trait("Speed", "Slow")]
public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private (string Main, string Keys) direct;
    private Cable cable = null!;

    public async ValueTask InitializeAsync()
    {
        direct = await (await TestDatabases.GetAsync()).CreateAsync();
        cable = new Cable(direct.Main);
        cable.Mend();
    }

    public async ValueTask DisposeAsync() => await cable.DisposeAsync();

    [Fact]
    public async Task Requests_are_told_to_come_back_and_all_goes_on_by_itself_when_the_database_returns()
    {
        await using var app = await StartAsync();
        await ExecuteAsync(
            "update runtime.lanes set owner = '00000000-0000-7000-8000-00000000dead', leased_until = now() + interval '1 hour'"
        );
        var email = TestUsers.NewEmail();
        var started = await app.Users.RegisterAsync(email);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);

        cable.Cut();
        await ExecuteAsync("update runtime.lanes set owner = null, leased_until = null");
        ExpectComeBack(await app.Users.RegisterAsync(TestUsers.NewEmail()));
        ExpectComeBack(await app.Users.VerifyAsync(started.RegistrationId, "123456"));
        ExpectComeBack(await app.Users.GetAsync("/v1/usernames/somebody"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.Users.GetAsync("/health/ready")).Status);
        Assert.Equal("live", (await app.Users.GetAsync("/health/live")).Text);
        using (var health = await app.Management.GetAsync(new Uri("/health", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Contains("\"not-ready\"", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        cable.Mend();
        await TestApp.EventuallyAsync(async () => (await app.Users.GetAsync("/health/ready")).Text == "ready", "ready again");
        var letter = await app.Users.LetterAsync(email);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.VerifyAsync(started.RegistrationId, letter.Code)).Status);
        await app.QuietAsync();
        var said = app
            .Logs.Lines.Where(line =>
                line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Warning ", StringComparison.Ordinal)
            )
            .ToList();
        Assert.Single(said, line => line.Contains("The database cannot serve: ", StringComparison.Ordinal));
        Assert.Single(said, line => line.Contains("The database serves again", StringComparison.Ordinal));
        Assert.DoesNotContain(said, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.InRange(said.Count, 2, 3);
    }

    [Fact]
    public async Task A_database_that_hangs_makes_the_node_not_ready_at_once_and_ready_when_it_serves()
    {
        await using var app = await StartAsync();
        var tokens = (await app.Users.SomebodyAsync()).Tokens;

        cable.Hang();
        // Before any statement or connection has timed out, which takes fifteen.
        Assert.Equal("not ready", (await app.Users.GetAsync("/health/ready").WaitAsync(TimeSpan.FromSeconds(14))).Text);
        var hanging = app.Users.MeAsync(tokens);

        cable.Resume();
        await TestApp.EventuallyAsync(async () => (await app.Users.GetAsync("/health/ready")).Text == "ready", "ready again");
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(tokens)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.RegisterAsync(TestUsers.NewEmail())).Status);
        await hanging;
    }

    [Fact]
    public async Task A_read_only_database_is_not_served_from_until_it_can_be_written_again()
    {
        await using var app = await StartAsync();
        await ExecuteAsync(
            "do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$"
        );
        // As a failover leaves it: the old connections are gone, all new ones cannot write.
        await ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        );

        await TestApp.EventuallyAsync(async () => (await app.Users.GetAsync("/health/ready")).Text == "not ready", "not ready");
        ExpectComeBack(await app.Users.RegisterAsync(TestUsers.NewEmail()));
        using (var health = await app.Management.GetAsync(new Uri("/health", UriKind.Relative)))
            Assert.Contains("read-only", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await ExecuteAsync(
            "begin; set transaction read write; do $$ begin execute format('alter database %I reset default_transaction_read_only', "
                + "current_database()); end $$; commit"
        );
        await TestApp.EventuallyAsync(async () => (await app.Users.GetAsync("/health/ready")).Text == "ready", "ready again");
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.RegisterAsync(TestUsers.NewEmail())).Status);
        await app.QuietAsync();
    }

    [Fact]
    public async Task A_database_without_room_is_answered_503_and_a_wrong_statement_500()
    {
        await using var app = await StartAsync();
        await ExecuteAsync(
            """
            create function public.fail() returns trigger language plpgsql as $$
              begin raise exception 'for the test' using errcode = tg_argv[0]; end $$;
            create trigger fails before insert on identity.verifications for each row execute function public.fail('42601')
            """
        );
        Assert.Equal(
            (HttpStatusCode.InternalServerError, "request.unexpected"),
            StatusOf(await app.Users.RegisterAsync(TestUsers.NewEmail()))
        );
        Assert.Equal("ready", (await app.Users.GetAsync("/health/ready")).Text);

        foreach (var state in new[] { "53100", "58030" })
        {
            await ExecuteAsync(
                "drop trigger fails on identity.verifications; create trigger fails before insert on identity.verifications "
                    + $"for each row execute function public.fail('{state}')"
            );
            ExpectComeBack(await app.Users.RegisterAsync(TestUsers.NewEmail()));
            Assert.Equal("not ready", (await app.Users.GetAsync("/health/ready")).Text);
        }

        await ExecuteAsync("drop trigger fails on identity.verifications");
        await TestApp.EventuallyAsync(async () => (await app.Users.GetAsync("/health/ready")).Text == "ready", "ready again");
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.RegisterAsync(TestUsers.NewEmail())).Status);
    }

    [Fact]
    public async Task A_database_that_is_away_at_the_start_is_waited_for()
    {
        cable.Cut();
        await using var app = await StartAsync();
        ExpectComeBack(await app.Users.RegisterAsync(TestUsers.NewEmail()));
        Assert.Equal("not ready", (await app.Users.GetAsync("/health/ready")).Text);
        Assert.Equal("live", (await app.Users.GetAsync("/health/live")).Text);

        cable.Mend();
        // Until the node has opened schema, keys and log, a database that answers is not enough.
        await TestApp.EventuallyAsync(
            async () =>
            {
                var answer = await app.Users.RegisterAsync(TestUsers.NewEmail());
                if (answer.Status != HttpStatusCode.Accepted)
                    ExpectComeBack(answer);
                return answer.Status == HttpStatusCode.Accepted;
            },
            "the server serves"
        );
        Assert.Equal("ready", (await app.Users.GetAsync("/health/ready")).Text);
        await app.Users.RegisteredUserAsync(TestUsers.NewEmail());
    }

    private static (HttpStatusCode, string?) StatusOf(Answer answer) => (answer.Status, answer.Code);

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
