using System.Net;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Audit;

[Collection<OneAudit>]
public sealed class RecordTests(AuditedApp audited) : IAsyncLifetime
{
    private readonly TestApp app = audited.App;

    public async ValueTask InitializeAsync() => await app.EmptyAuditAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_step_of_a_sign_up_by_code_is_recorded()
    {
        var email = TestUsers.NewEmail();
        var started = await app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            },
            ("User-Agent", "Mozilla/5.0 (X11; Linux) Firefox/140.0")
        );
        var letter = await app.Users.LetterAsync(email);
        await app.Users.VerifyAsync(started.RegistrationId, TestUsers.WrongCode(letter.Code));
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        await app.Users.ResendAsync(started.RegistrationId);
        letter = await app.Users.LetterAsync(email, 2);
        var verified = await app.Users.VerifyAsync(started.RegistrationId, letter.Code);
        await app.Users.VerifyAsync(started.RegistrationId, letter.Code);

        Assert.Equal(HttpStatusCode.Created, verified.Status);
        Assert.Equal(
            "registration.started done, registration.refused refused identity.code-wrong, registration.code-resent done, "
                + "user.registered done, user.verified done, session.started done, "
                + "registration.refused refused identity.registration-completed",
            await app.ActionsAsync()
        );
        Assert.Equal(
            "anonymous 127.0.0.0/24 Firefox on Linux",
            await app.ScalarAsync<string>(
                "select concat_ws(' ', actor_kind, network, device) from audit.records where action = 'registration.started'"
            )
        );
        Assert.Equal(
            6L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where facts::jsonb ->> 'registration' = $1",
                started.RegistrationId.ToString()
            )
        );
        Assert.Equal(
            "user.registered, user.verified, session.started",
            await app.ScalarAsync<string>(
                "select string_agg(action, ', ' order by id) from audit.records where subject = $1",
                verified.Body.GetProperty("user").GetProperty("id").GetGuid()
            )
        );
        Assert.Equal(
            "email code",
            await app.ScalarAsync<string>(
                """
                select concat_ws(' ', facts::jsonb ->> 'channel', facts::jsonb ->> 'method') from audit.records
                 where action = 'user.verified'
                """
            )
        );
    }

    [Fact]
    public async Task Every_use_of_a_refresh_token_is_recorded_with_its_session_and_what_came_of_it()
    {
        var tokens = (await app.Users.SomebodyAsync()).Tokens;
        var (first, session) = (tokens.Refresh, tokens.SessionId);
        var second = (await app.Users.RefreshAsync(first)).Tokens().Refresh;
        await app.Users.RefreshAsync(first);
        await app.Users.RefreshAsync(second);
        await app.Users.RefreshAsync(first);
        await app.Users.RefreshAsync(second);

        Assert.Equal(
            "session.refreshed done, session.refreshed done repeated, session.refreshed done, session.ended done token-reused, "
                + "session.refresh-refused refused identity.invalid-refresh-token",
            await app.ScalarAsync<string>(
                """
                select string_agg(concat_ws(' ', action, result, reason, case facts::jsonb ->> 'repeated' when 'true' then 'repeated' end),
                                  ', ' order by epoch, xid, seq)
                  from audit.records where session = $1 and action <> 'session.started'
                """,
                session
            )
        );
        Assert.Equal(
            0L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where session = $1 and (subject is null or network is null)",
                session
            )
        );
    }

    [Fact]
    public async Task What_one_statement_writes_after_it_waited_for_a_change_is_recorded_behind_it()
    {
        var (database, audit) = (app.Services.GetRequiredService<Database>(), app.Services.GetRequiredService<IAuditStatement>());
        var tenant = Messaging.Probe.Tenant;
        using var locked = new SemaphoreSlim(0);
        using var waits = new SemaphoreSlim(0);
        var change = database.InTransactionAsync(
            "test",
            async tx =>
            {
                await tx.ExecuteAsync("select pg_advisory_xact_lock(4712)");
                locked.Release();
                await waits.WaitAsync();
                tx.Record(new AuditRecord(tenant, "test.first"));
                return true;
            },
            CancellationToken.None
        );
        await locked.WaitAsync();
        // It has its transaction id, and its view of what has completed, before it waits.
        var statement = database.InStatementAsync(
            "test",
            db =>
                db.ListAsync<long>(
                    $"""
                    with begun as materialized (select pg_current_xact_id()),
                    changed as materialized (select pg_advisory_xact_lock(4712), 1::bigint as number from begun),
                    recorded as ({audit.InsertForChanged})
                    select number from changed
                    """,
                    audit.Parameters([new AuditRecord(tenant, "test.second")], app.Clock.GetUtcNow())
                )
        );
        await TestApp.EventuallyAsync(
            () =>
                app.ScalarAsync<bool>(
                    """
                    select exists (select 1 from pg_stat_activity
                                    where wait_event_type = 'Lock' and datname = current_database() and query like 'with begun%')
                    """
                ),
            "the statement waits"
        );
        waits.Release();

        Assert.True(await change);
        Assert.Equal([1L], await statement);
        Assert.Equal(
            "test.first, test.second",
            await app.ScalarAsync<string>(
                "select string_agg(action, ', ' order by epoch, xid, seq) from audit.records where action like 'test.%'"
            )
        );
    }

    [Fact]
    public async Task Sessions_refreshed_at_once_are_each_recorded_once()
    {
        var sessions = new List<TokenPair>();
        for (var user = 0; user < 6; user++)
            sessions.Add((await app.Users.SomebodyAsync()).Tokens);
        for (var round = 0; round < 5; round++)
            sessions = [.. await Task.WhenAll(sessions.Select(async s => (await app.Users.RefreshAsync(s.Refresh)).Tokens()))];

        Assert.Equal(
            string.Join(", ", Enumerable.Repeat("5 5", sessions.Count)),
            await app.ScalarAsync<string>(
                """
                select string_agg(concat_ws(' ', number, subjects), ', ') from (
                    select count(*) as number, count(*) filter (where subject = actor and network = '127.0.0.0/24') as subjects
                      from audit.records
                     where action = 'session.refreshed' and result = 'done' and session = any($1) group by session) sessions
                """,
                sessions.Select(s => s.SessionId).ToArray()
            )
        );
    }

    [Fact]
    public async Task A_refresh_token_that_is_not_genuine_is_recorded_without_saying_whose_session_it_named()
    {
        var tokens = (await app.Users.SomebodyAsync()).Tokens;
        var forged = tokens.Refresh[..^4] + (tokens.Refresh.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.RefreshAsync(forged)).Status);

        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where action = 'session.refresh-refused' and session is null and subject is null"
            )
        );
    }

    [Fact]
    public async Task Refused_links_are_recorded_and_those_that_nobody_has_name_no_registration()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisterAsync(email);
        var letter = await app.Users.LetterAsync(email);
        await app.Users.ConfirmAsync(letter.LinkToken, "not the password that was chosen");
        await app.Users.ConfirmAsync(new string('A', 43));
        await app.Users.VerifyAsync(Guid.CreateVersion7(app.Clock.GetUtcNow()), "123456");

        Assert.Equal(
            "registration.started done, registration.refused refused identity.password-wrong, "
                + "registration.refused refused identity.link-invalid, "
                + "registration.refused refused identity.registration-not-found",
            await app.ActionsAsync()
        );
        Assert.Equal(2L, await app.ScalarAsync<long>("select count(*) from audit.records where facts = '{}'"));
    }

    [Fact]
    public async Task Registering_a_known_address_records_the_same_as_a_new_one()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email);
        await app.ExecuteAsync("truncate audit.records");
        await app.Users.RegisterAsync(email);
        await app.Users.RegisterAsync(TestUsers.NewEmail());

        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                """
                select count(distinct (action, actor_kind, actor, subject, session, result, reason, network, device, length(facts)))
                  from audit.records
                """
            )
        );
        Assert.Equal("registration.started done, registration.started done", await app.ActionsAsync());
    }

    [Fact]
    public async Task What_is_rolled_back_leaves_no_record()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            app
                .Services.GetRequiredService<Database>()
                .InTransactionAsync<bool>(
                    "test",
                    async tx =>
                    {
                        tx.Record(new AuditRecord(AuditTrail.Tenant, "test.done"));
                        await tx.ExecuteAsync("create table public.half (n int)");
                        throw new InvalidOperationException();
                    },
                    CancellationToken.None
                )
        );

        Assert.Equal("", await app.ActionsAsync());
        Assert.True(await app.ScalarAsync<bool>("select to_regclass('public.half') is null"));
    }

    [Fact]
    public async Task A_record_that_cannot_be_written_takes_its_change_back()
    {
        await app.ExecuteAsync("alter table audit.records add constraint no_tests check (action <> 'test.done')");
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            app
                .Services.GetRequiredService<Database>()
                .InTransactionAsync(
                    "test",
                    async tx =>
                    {
                        tx.Record(new AuditRecord(AuditTrail.Tenant, "test.done"));
                        return await tx.ExecuteAsync("create table public.half (n int)");
                    },
                    CancellationToken.None
                )
        );

        Assert.True(await app.ScalarAsync<bool>("select to_regclass('public.half') is null"));
        await app.ExecuteAsync("alter table audit.records drop constraint no_tests");
    }

    [Fact]
    public async Task Records_of_one_transaction_are_one_statement_and_keep_their_order()
    {
        await app
            .Services.GetRequiredService<Database>()
            .InTransactionAsync(
                "test",
                tx =>
                {
                    for (var i = 0; i < 20; i++)
                        tx.Record(new AuditRecord(AuditTrail.Tenant, "test." + (char)('a' + i)).WithFact("z", "1").WithFact("a", "ü\""));
                    return Task.FromResult(true);
                },
                CancellationToken.None
            );

        Assert.Equal(
            "abcdefghijklmnopqrst",
            await app.ScalarAsync<string>("select string_agg(right(action, 1), '' order by id) from audit.records")
        );
        Assert.Equal(
            "abcdefghijklmnopqrst",
            await app.ScalarAsync<string>("select string_agg(right(action, 1), '' order by epoch, xid, seq) from audit.records")
        );
        Assert.Equal("""{"a":"\u00FC\u0022","z":"1"}""", await app.ScalarAsync<string>("select max(facts) from audit.records"));
        Assert.Equal(
            20L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where reason is null and network is null and device is null and actor is null"
            )
        );
    }

    [Fact]
    public async Task A_clock_far_ahead_finds_its_partition()
    {
        app.Clock.Advance(TimeSpan.FromDays(50));
        await app.RecordAsync(1);

        Assert.Equal("session.started done", await app.ActionsAsync());
    }
}
