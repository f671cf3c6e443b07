using System.Net;
using Gatehouse.SystemTests.Core.Postgres;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Identity.Sessions;

/// <summary>Who got no answer asks again with the same token, and is neither signed out nor taken for a thief.</summary>
[Trait("Speed", "Slow")]
public sealed class RefreshFaultTests
{
    [Fact]
    public async Task A_token_works_again_after_the_database_was_away()
    {
        var direct = await (await TestDatabases.GetAsync()).CreateAsync();
        await using var cable = new Cable(direct.Main);
        cable.Mend();
        await using var app = await TestApp.StartAsync((cable.Through(direct.Main), cable.Through(direct.Keys)));
        var tokens = (await app.Users.SomebodyAsync()).Tokens;

        cable.Cut();
        AssertComeBack(await app.Users.RefreshAsync(tokens.Refresh));
        cable.Mend();

        await TestApp.EventuallyAsync(async () => (await app.Users.GetAsync("/health/ready")).Text == "ready", "ready again");
        Assert.Equal(tokens.SessionId, (await app.Users.RefreshAsync(tokens.Refresh)).Tokens().SessionId);
    }

    [Fact]
    public async Task The_leeway_of_a_used_token_does_not_run_while_the_database_is_down()
    {
        var direct = await (await TestDatabases.GetAsync()).CreateAsync();
        await using var cable = new Cable(direct.Main);
        cable.Mend();
        await using var app = await TestApp.StartAsync((cable.Through(direct.Main), cable.Through(direct.Keys)));
        var (one, other) = ((await app.Users.SomebodyAsync()).Tokens, (await app.Users.SomebodyAsync()).Tokens);
        var (successor, _) = ((await app.Users.RefreshAsync(one.Refresh)).Tokens(), await app.Users.RefreshAsync(other.Refresh));
        await using var source = NpgsqlDataSource.Create(direct.Main + ";Pooling=false");

        var clock = TimeProvider.System;
        cable.Cut();
        var cut = clock.GetTimestamp();
        await TestApp.EventuallyAsync(async () => (await app.Users.GetAsync("/health/ready")).Text == "not ready", "not ready");
        await TestApp.EventuallyAsync(
            () => Task.FromResult(clock.GetElapsedTime(cut) > TimeSpan.FromSeconds(3)),
            "the database is away for a while"
        );
        cable.Mend();
        await TestApp.EventuallyAsync(async () => (await app.Users.GetAsync("/health/ready")).Text == "ready", "ready again");

        // Both were used before the outage; only one of them so long before that its leeway had run out.
        await ExecuteAsync(source, $"update identity.sessions set rotated_at = now() - interval '1 hour' where id = '{other.SessionId}'");
        await ExecuteAsync(source, $"update identity.sessions set rotated_at = now() - interval '10 seconds' where id = '{one.SessionId}'");
        Assert.Equal(successor.Refresh, (await app.Users.RefreshAsync(one.Refresh)).Tokens().Refresh);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.RefreshAsync(other.Refresh)).Status);
        Assert.True(await AnyAsync(source, $"select ended_at is not null from identity.sessions where id = '{other.SessionId}'"));
    }

    [Fact]
    public async Task A_node_started_after_two_outages_leaves_both_out_of_the_leeway()
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        TokenPair one,
            other;
        string successor;
        await using (var before = await TestApp.StartAsync(databases))
        {
            (one, other) = ((await before.Users.SomebodyAsync()).Tokens, (await before.Users.SomebodyAsync()).Tokens);
            (successor, _) = (
                (await before.Users.RefreshAsync(one.Refresh)).Tokens().Refresh,
                await before.Users.RefreshAsync(other.Refresh)
            );
        }

        await using var source = NpgsqlDataSource.Create(databases.Main + ";Pooling=false");
        // As it stands when the database went away an hour ago for fifty minutes, and again a second after it was back.
        await ExecuteAsync(
            source,
            $"""
            delete from runtime.nodes;
            insert into runtime.nodes (id, seen_at) values (gen_random_uuid(), now() - interval '10 minutes');
            insert into runtime.outages (began, ended) values (now() - interval '60 minutes', now() - interval '10 minutes 1 second');
            update identity.sessions set rotated_at = now() - interval '60 minutes 1 second' where id = '{one.SessionId}';
            update identity.sessions set rotated_at = now() - interval '60 minutes 30 seconds' where id = '{other.SessionId}'
            """
        );

        await using var app = await TestApp.StartAsync(databases);
        Assert.Equal(successor, (await app.Users.RefreshAsync(one.Refresh)).Tokens().Refresh);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.RefreshAsync(other.Refresh)).Status);
        Assert.True(await AnyAsync(source, "select count(*) = 2 from runtime.outages"));
    }

    [Fact]
    public async Task Nodes_that_stop_cleanly_leave_no_outage()
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        await using (await TestApp.StartAsync(databases)) { }
        await using var source = NpgsqlDataSource.Create(databases.Main + ";Pooling=false");
        Assert.True(await AnyAsync(source, "select not exists (select 1 from runtime.nodes)"));

        await using (await TestApp.StartAsync(databases)) { }
        Assert.True(await AnyAsync(source, "select not exists (select 1 from runtime.outages)"));
    }

    [Fact]
    public async Task A_token_works_again_when_the_connection_broke_before_its_use_was_stored()
    {
        var direct = await (await TestDatabases.GetAsync()).CreateAsync();
        await using var cable = new Cable(direct.Main);
        cable.Mend();
        await using var app = await TestApp.StartAsync((cable.Through(direct.Main), cable.Through(direct.Keys)));
        var tokens = (await app.Users.SomebodyAsync()).Tokens;
        await using var source = NpgsqlDataSource.Create(direct.Main + ";Pooling=false");

        // The update waits for the row; then its connection is cut and its session in the database ended, so it never happens.
        await using (var connection = await source.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await LockSessionsAsync(connection);
            var lost = app.Users.RefreshAsync(tokens.Refresh);
            await WaitsAsync(source, "update identity.sessions%");
            cable.Cut();
            AssertComeBack(await lost);
            await ExecuteAsync(
                source,
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                 where wait_event_type = 'Lock' and datname = current_database() and query like 'update identity.sessions%'
                """
            );
        }

        Assert.True(await AnyAsync(source, "select generation = 1 from identity.sessions"));
        cable.Mend();
        await TestApp.EventuallyAsync(async () => (await app.Users.GetAsync("/health/ready")).Text == "ready", "ready again");
        Assert.Equal(tokens.SessionId, (await app.Users.RefreshAsync(tokens.Refresh)).Tokens().SessionId);
        Assert.True(await AnyAsync(source, "select generation = 2 and ended_at is null from identity.sessions"));
    }

    [Fact]
    public async Task A_token_works_again_when_the_connection_broke_after_its_use_was_stored()
    {
        var direct = await (await TestDatabases.GetAsync()).CreateAsync();
        await using var cable = new Cable(direct.Main);
        cable.Mend();
        await using var app = await TestApp.StartAsync((cable.Through(direct.Main), cable.Through(direct.Keys)));
        var tokens = (await app.Users.SomebodyAsync()).Tokens;
        await using var source = NpgsqlDataSource.Create(direct.Main + ";Pooling=false");

        // The statement waits at its commit for a lock; its connection is cut meanwhile, and the database, which does not notice, completes
        // it.
        await ExecuteAsync(
            source,
            """
            create function public.wait_at_commit() returns trigger language plpgsql as
              'begin perform pg_advisory_xact_lock(4711); return null; end';
            create constraint trigger waits after update on identity.sessions deferrable initially deferred 
              for each row execute function public.wait_at_commit()
            """
        );
        await using (var connection = await source.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var held = new NpgsqlCommand("select pg_advisory_xact_lock(4711)", connection))
                await held.ExecuteNonQueryAsync();
            var lost = app.Users.RefreshAsync(tokens.Refresh);
            await WaitsAsync(source, "with presented%");
            cable.Cut();
            AssertComeBack(await lost);
            await transaction.RollbackAsync();
        }

        await TestApp.EventuallyAsync(() => AnyAsync(source, "select generation = 2 from identity.sessions"), "the update was stored");
        await ExecuteAsync(source, "drop trigger waits on identity.sessions");
        cable.Mend();
        await TestApp.EventuallyAsync(async () => (await app.Users.GetAsync("/health/ready")).Text == "ready", "ready again");
        // However long the machine took to be ready.
        await ExecuteAsync(source, "update identity.sessions set rotated_at = now() - interval '1 second'");
        var successor = (await app.Users.RefreshAsync(tokens.Refresh)).Tokens();
        Assert.True(await AnyAsync(source, "select generation = 2 and ended_at is null from identity.sessions"));
        Assert.Equal(tokens.SessionId, (await app.Users.RefreshAsync(successor.Refresh)).Tokens().SessionId);
    }

    [Fact]
    public async Task A_node_that_dies_between_the_use_and_the_answer_leaves_a_token_that_gets_the_same_successor()
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        using var folder = new TemporaryFolder();
        TokenPair tokens;
        await using (var before = await TestApp.StartAsync(databases))
            tokens = (await before.Users.SomebodyAsync()).Tokens;

        await using (
            var server = GatehouseProcess.Start(
                ["serve", "--dev", "--port", "0", "--data", folder.FullPath],
                TestApp.Settings(databases.Main, databases.Keys),
                killAt: "session.refresh.commit stop 1"
            )
        )
        {
            using var http = new HttpClient { BaseAddress = await server.AddressAsync() };
            using var body = System.Net.Http.Json.JsonContent.Create(new { refreshToken = tokens.Refresh });
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.PostAsync(new Uri("/v1/tokens/refresh", UriKind.Relative), body));
            Assert.Equal(GatehouseProcess.Killed, await server.ExitCodeAsync());
        }

        await using var app = await TestApp.StartAsync(databases);
        Assert.Equal(
            2L,
            await app.ScalarAsync<long>("select generation from identity.sessions where id = $1 and ended_at is null", tokens.SessionId)
        );
        // However long the machine took to start.
        await app.ExecuteAsync("update identity.sessions set rotated_at = now() - interval '1 second'");
        var (first, second) = (
            (await app.Users.RefreshAsync(tokens.Refresh)).Tokens(),
            (await app.Users.RefreshAsync(tokens.Refresh)).Tokens()
        );
        Assert.Equal(first.Refresh, second.Refresh);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.RefreshAsync(first.Refresh)).Status);
        Assert.Equal(
            3L,
            await app.ScalarAsync<long>("select generation from identity.sessions where id = $1 and ended_at is null", tokens.SessionId)
        );
    }

    private static void AssertComeBack(Answer answer)
    {
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "request.dependency-unavailable"), (answer.Status, answer.Code));
        Assert.NotEqual(-1, answer.RetryAfter());
    }

    private static async Task LockSessionsAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select 1 from identity.sessions for update", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static Task WaitsAsync(NpgsqlDataSource source, string statement) =>
        TestApp.EventuallyAsync(
            () =>
                AnyAsync(
                    source,
                    $"""
                    select exists (select 1 from pg_stat_activity
                                   where wait_event_type = 'Lock' and datname = current_database() and query ilike '{statement}')
                    """
                ),
            "the statement waits for a lock"
        );

    private static async Task<bool> AnyAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
