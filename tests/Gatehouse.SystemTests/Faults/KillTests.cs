using System.Globalization;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Values;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Faults;

/// <summary>
/// <c>kill -9</c> between any two steps of register, deliver and verify, while people register: every user who was told so exists exactly
/// once, no event is lost or invented, and every message is handed over once.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class KillTests
{
    private const int People = 6;

    /// <summary>A span, the side of it on which the process dies, and the how-manieth: by then several people are at different
    /// steps.</summary>
    private static readonly Dictionary<string, string[]> Points = new(StringComparer.Ordinal)
    {
        ["register"] =
        [
            "registration.start start 3",
            "keys.create start 4",
            "keys.create stop 5",
            "registration.start.commit start 6",
            "registration.start.commit stop 7",
            "registration.resend.commit start 2",
            "registration.resend.commit stop 2",
        ],
        ["deliver"] =
        [
            "log.carry start 3",
            "inbox.take.commit start 4",
            "inbox.take.commit stop 5",
            "log.carry stop 6",
            "log.acknowledge start 4",
            "log.acknowledge stop 5",
            "job.notifications.send-mail start 6",
            "message.hand-over start 3",
            "message.hand-over stop 4",
            "job.conclude.commit start 5",
            "job.conclude.commit stop 6",
        ],
        ["verify"] =
        [
            "registration.verify start 4",
            "registration.verify.commit start 3",
            "registration.verify.commit stop 4",
            "registration.verify stop 3",
            "keys.settle start 4",
            "keys.settle stop 3",
        ],
        ["seeds"] = [.. Enumerable.Range(1, 10).Select(StepOfSeed)],
    };

    /// <summary>All at once, each on its own databases: much of the time is waiting for the leases of the dead.</summary>
    private static readonly Lazy<Dictionary<string, Task>> Runs = new(() =>
        Points.ToDictionary(p => p.Key, p => RunAsync(p.Value), StringComparer.Ordinal)
    );

    [Theory]
    [InlineData("register")]
    [InlineData("deliver")]
    [InlineData("verify")]
    [InlineData("seeds")]
    public async Task A_kill_loses_doubles_and_invents_nothing_at_the_steps_of(string part) => await Runs.Value[part];

    private static async Task RunAsync(string[] points)
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        using var folder = new TemporaryFolder();
        await using var crowd = new Crowd(databases.Main, People);

        foreach (var point in points)
            await ServeUntilKilledAsync(point, databases, folder.FullPath, crowd);

        // The last, clean start.
        var clock = new ShiftableClock();
        await using var app = await TestApp.StartAsync(databases, clock);
        crowd.Address = app.Http.BaseAddress;
        await crowd.CloseAsync();
        await app.QuietAsync();

        await CheckUsersAsync(app, databases.Main, crowd);
        await CheckEventsAsync(app);
        await CheckKeysAsync(app, clock);
    }

    /// <summary>The step at which the process of a seed dies, any of all; spread by Knuth's multiplicative hash.</summary>
    private static string StepOfSeed(int seed) =>
        string.Create(CultureInfo.InvariantCulture, $"* * {100 + ((uint)seed * 2654435761u % 900)}");

    private static async Task ServeUntilKilledAsync(string point, (string Main, string Keys) databases, string folder, Crowd crowd)
    {
        await using var server = GatehouseProcess.Start(
            ["serve", "--dev", "--port", "0", "--data", folder],
            TestApp.Settings(databases.Main, databases.Keys),
            killAt: point
        );
        if (await server.FindAddressAsync() is { } address)
            crowd.Address = address;
        var exitCode = await server.ExitCodeAsync();
        crowd.Address = null;
        Assert.True(exitCode == GatehouseProcess.Killed, $"{point}: ended with {exitCode}: {server.Output} {server.Errors}");
    }

    /// <summary>Everybody who was told is a user exactly once, and everybody who is a user was told or lost the answer, and proved the
    /// address.</summary>
    private static async Task CheckUsersAsync(TestApp app, string database, Crowd crowd)
    {
        var keys = app.Services.GetRequiredService<SubjectKeys>();
        var users = new Dictionary<string, Guid>(StringComparer.Ordinal);
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("select id, email from identity.users");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var id = reader.GetGuid(0);
            var key = await keys.FindAsync(id, CancellationToken.None);
            Assert.NotNull(key);
            users.Add(key.Open(new EncryptedValue<EmailAddress>(await reader.GetFieldValueAsync<byte[]>(1))).Delivery, id);
        }

        Assert.NotEmpty(crowd.Welcomed);
        foreach (var (email, id) in crowd.Welcomed)
            Assert.Equal(id, users[email]);
        Assert.Equal(users.Keys.Order(StringComparer.Ordinal), crowd.Welcomed.Keys.Concat(crowd.ToldLater).Order(StringComparer.Ordinal));
        Assert.Equal(
            users.Count,
            await app.ScalarAsync<long>(
                """
                select count(*) from identity.users u join identity.identifiers i on i.user_id = u.id
                  join identity.verifications r on r.target_index = i.blind_index and r.completed_at is not null
                """
            )
        );
        Assert.Equal(
            users.Count,
            await app.ScalarAsync<long>(
                "select count(*) from identity.verifications where purpose = 'registration' and completed_at is not null"
            )
        );
    }

    private static async Task CheckEventsAsync(TestApp app)
    {
        await NoneAsync(
            "user without exactly its two events",
            """
            select 1 from identity.users u left join (
                   select key, string_agg(type || ' ' || subject_version, ', ' order by subject_version) as told
                     from runtime.events where topic = 'gatehouse.users' group by key) e on e.key = u.id
             where e.told is distinct from 'user.registered.v1 1, user.verified.v1 2'
            """
        );
        await NoneAsync(
            "event of nobody",
            """
            select 1 from runtime.events e where topic = 'gatehouse.users'
               and not exists (select 1 from identity.users u where u.id = e.key)
            """
        );
        await NoneAsync(
            "registration without its message, or the reverse",
            """
            select 1 from (select key, count(*) as messages from runtime.events where type = 'notification.requested.v1' group by key) e
              full join identity.verifications r on r.id = e.key
             where e.messages is distinct from r.sends
            """
        );
        // A mail that was handed over just before the kill, and whose code was used before its job ran again, is reported as having nobody
        // to go to any more: what a dead process did outside the database nobody can know.
        await NoneAsync(
            "message that did not arrive once, reported so once, or was given up with a reason",
            """
            select 1 from runtime.events e
             cross join lateral (select (e.data::json ->> 'notificationId')::uuid as id) n
             cross join lateral (select count(*) as arrived from notifications.inbox_messages m where m.id = n.id) i
             cross join lateral (select string_agg(concat_ws(' ', r.type, r.data::json ->> 'reason'), ', ') as reported
                                 from runtime.events r
                                  where r.type <> e.type and (r.data::json ->> 'notificationId')::uuid = n.id) r
             where e.type = 'notification.requested.v1'
               and (r.reported is null
                    or (i.arrived, r.reported) not in ((1, 'notification.delivered.v1'), (1, 'notification.failed.v1 recipient-deleted'),
                                                       (0, 'notification.failed.v1 recipient-deleted')))
            """
        );
        await NoneAsync(
            "message in the inbox that nobody asked for",
            """
            select 1 from notifications.inbox_messages m
             where not exists (select 1 from runtime.events e
                               where e.type = 'notification.requested.v1' and (e.data::json ->> 'notificationId')::uuid = m.id)
            """
        );
        await NoneAsync("parked delivery", "select 1 from runtime.parked");
        await NoneAsync("job left", "select 1 from runtime.jobs");

        async Task NoneAsync(string what, string sql) =>
            Assert.True(await app.ScalarAsync<long>($"select count(*) from ({sql}) as found") == 0, what);
    }

    /// <summary>Keys that a kill left provisional are settled in their time: then every user has one, and nobody else.</summary>
    private static async Task CheckKeysAsync(TestApp app, ShiftableClock clock)
    {
        clock.Advance(TimeSpan.FromMinutes(31));
        await app.RunRecurringAsync<ReconcileUserKeys>();
        Assert.Equal(0L, await app.KeyScalarAsync<long>("select count(*) from keys.subject_keys where provisional"));
        Assert.Equal(
            await app.ScalarAsync<string>("select string_agg(id::text, ' ' order by id) from identity.users"),
            await app.KeyScalarAsync<string>(
                "select string_agg(subject_id::text, ' ' order by subject_id) from keys.subject_keys where expires_at is null"
            )
        );
    }
}
