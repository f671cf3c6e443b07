using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.Encryption;
using Gatehouse.Server.Hosting;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Web.Health;

namespace Gatehouse.SystemTests.Encryption;

public sealed class KeyStoreTests(RunningApp running)
{
    private static readonly Guid Tenant = new("00000000-0001-7000-8000-000000000001");

    private readonly TestApp app = running.App;

    private SubjectKeys Keys => app.Services.GetRequiredService<SubjectKeys>();

    [Fact]
    public async Task What_is_sealed_opens_only_with_its_subject_its_place_and_its_schema()
    {
        var (one, two) = (await PersonAsync(), await PersonAsync());
        var box = one.Seal("users.email", "ada@example.com");
        Assert.Equal("ada@example.com", (await Keys.FindAsync(one.Subject, default))!.Open("users.email", box));
        Assert.ThrowsAny<CryptographicException>(() => two.Open("users.email", box));
        Assert.ThrowsAny<CryptographicException>(() => one.Open("users.name", box));

        var personal = one.Seal(new UserPersonalV1("Ada", "ada@example.com", Username: null));
        var opener = app.Services.GetRequiredService<IUserKeys>();
        Assert.Equal("Ada", (await opener.OpenAsync(personal, default))!.Name);
        await Assert.ThrowsAnyAsync<CryptographicException>(async () =>
            await opener.OpenAsync(personal with { Subject = two.Subject }, default)
        );
        await Assert.ThrowsAnyAsync<CryptographicException>(async () =>
            await opener.OpenAsync(new Encrypted<NotificationPersonalV1>(one.Subject, personal.Data), default)
        );
        // The bytes of a column are not those of an event, whatever the key.
        await Assert.ThrowsAnyAsync<CryptographicException>(async () =>
            await opener.OpenAsync(new Encrypted<UserPersonalV1>(one.Subject, Convert.ToBase64String(box)), default)
        );
    }

    [Fact]
    public async Task A_destroyed_key_opens_nothing_any_more()
    {
        var key = await PersonAsync();
        var personal = key.Seal(new UserPersonalV1("Ada", "ada@example.com", Username: null));
        await Keys.DestroyAsync([key.Subject], default);

        Assert.Null(await Keys.FindAsync(key.Subject, default));
        Assert.Null(await app.Services.GetRequiredService<IUserKeys>().OpenAsync(personal, default));
    }

    [Fact]
    public async Task The_key_of_a_pending_registration_ends_by_itself_and_is_removed()
    {
        await using var own = await TestApp.StartAsync();
        var keys = own.Services.GetRequiredService<SubjectKeys>();
        var flow = Guid.CreateVersion7(own.Clock.GetUtcNow());
        await keys.CreateForFlowAsync(Tenant, flow, own.Clock.GetUtcNow().AddHours(1), default);
        Assert.NotNull(await keys.FindAsync(flow, default));

        own.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await keys.FindAsync(flow, default));
        await TestApp.EventuallyAsync(
            async () => await own.KeyScalarAsync<long>("select count(*) from keys.subject_keys where subject_id = $1", flow) == 0,
            "housekeeping removes it"
        );
    }

    [Fact]
    public async Task A_wrong_master_key_stops_the_start_with_plain_words_and_wraps_nothing()
    {
        var (right, wrong) = (NewKey(), NewKey());
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        await (await TestApp.StartAsync(databases, settings: Master("main:" + right))).DisposeAsync();

        // As if this release had brought the key along.
        await DeleteAsync(databases.Keys, ServerKeys.Idempotency);
        var other = await Assert.ThrowsAsync<MasterKeyException>(() => TestApp.StartAsync(databases, settings: Master("main:" + wrong)));
        Assert.Equal(
            "The configured master key 'main' is not the one that encrypted the stored keys. Correct it in GATEHOUSE__KEYS__MASTER.",
            other.Message
        );
        var missing = await Assert.ThrowsAsync<MasterKeyException>(() =>
            TestApp.StartAsync(databases, settings: Master("second:" + right))
        );
        Assert.Equal(
            "Stored keys are encrypted with the master key 'main', which is not configured. Add it to GATEHOUSE__KEYS__MASTER.",
            missing.Message
        );

        await using var again = await TestApp.StartAsync(databases, settings: Master("main:" + right));
        Assert.Equal(
            ServerKeys.Names.LongLength,
            await again.KeyScalarAsync<long>("select count(*) from keys.server_keys where master_key = 'main'")
        );
    }

    [Fact]
    public async Task An_empty_key_store_beside_a_database_in_use_stops_the_start_and_stays_empty()
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        await (await TestApp.StartAsync(databases)).DisposeAsync();
        foreach (var name in ServerKeys.Names)
            await DeleteAsync(databases.Keys, name);

        for (var start = 0; start < 2; start++)
        {
            var refused = await Assert.ThrowsAsync<MasterKeyException>(() => TestApp.StartAsync(databases));
            Assert.Contains("The key store is empty, but the main database is in use", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task While_a_master_key_is_replaced_the_old_one_still_opens_and_the_new_one_wraps()
    {
        var (old, young) = (NewKey(), NewKey());
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        var before = await TestApp.StartAsync(databases, settings: Master("old:" + old));
        var blind = before.Services.GetRequiredService<BlindIndex>().Compute(Tenant, "email", "ada@example.com");
        var key = await before
            .Services.GetRequiredService<SubjectKeys>()
            .CreateForPersonAsync(Tenant, Guid.CreateVersion7(before.Clock.GetUtcNow()), default);
        var box = key.Seal("users.email", "ada@example.com");
        await before.DisposeAsync();

        await using var after = await TestApp.StartAsync(databases, settings: Master($"new:{young},old:{old}"));
        Assert.Equal(blind, after.Services.GetRequiredService<BlindIndex>().Compute(Tenant, "email", "ada@example.com"));
        var keys = after.Services.GetRequiredService<SubjectKeys>();
        Assert.Equal("ada@example.com", (await keys.FindAsync(key.Subject, default))!.Open("users.email", box));
        var added = await keys.CreateForPersonAsync(Tenant, Guid.CreateVersion7(after.Clock.GetUtcNow()), default);
        Assert.Equal(
            "new",
            await after.KeyScalarAsync<string>("select master_key from keys.subject_keys where subject_id = $1", added.Subject)
        );
    }

    [Fact]
    public async Task A_row_of_the_key_store_does_not_open_in_anothers_place()
    {
        var (one, two) = (await PersonAsync(), await PersonAsync());
        await using var source = Npgsql.NpgsqlDataSource.Create(app.Databases.Keys + ";Pooling=false");
        await using var swap = source.CreateCommand(
            "update keys.subject_keys set wrapped = (select wrapped from keys.subject_keys where subject_id = $1) where subject_id = $2"
        );
        swap.Parameters.Add(new() { Value = one.Subject });
        swap.Parameters.Add(new() { Value = two.Subject });
        await swap.ExecuteNonQueryAsync();

        await Assert.ThrowsAsync<MasterKeyException>(() => Keys.FindAsync(two.Subject, default));
    }

    [Fact]
    public void The_blind_index_of_one_value_differs_by_tenant_and_by_kind()
    {
        var index = app.Services.GetRequiredService<BlindIndex>();
        BlindIndexEntry[] entries =
        [
            index.Compute(Tenant, "email", "ada@example.com"),
            index.Compute(Guid.Empty, "email", "ada@example.com"),
            index.Compute(Tenant, "phone", "ada@example.com"),
            index.Compute(Tenant, "email", "bob@example.com"),
        ];

        Assert.Equal(4, entries.Distinct().Count());
        Assert.Equal(entries[0], index.Compute(Tenant, "email", "ada@example.com"));
    }

    [Fact]
    public async Task The_doctor_makes_no_keys()
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        var settings = new LaunchSettings(Development: true, "unused", TestApp.Settings(databases.Main, databases.Keys));
        await using (var host = GatehouseHost.Build(settings, new Dictionary<string, string?>(StringComparer.Ordinal)))
            Assert.Contains(
                await host.Services.GetRequiredService<Doctor>().ExamineAsync(default),
                f => f is { Subject: "keys", Level: FindingLevel.Good }
            );

        await using var source = Npgsql.NpgsqlDataSource.Create(databases.Keys + ";Pooling=false");
        await using var count = source.CreateCommand("select count(*) from keys.server_keys");
        Assert.Equal(0L, await count.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Nothing_personal_in_the_main_database_can_be_read_without_the_key_store()
    {
        await using var own = await TestApp.StartAsync();
        await own.ExecuteAsync(
            "update runtime.lanes set owner = '00000000-0000-7000-8000-00000000dead', leased_until = now() + interval '1 hour'"
        );
        var started = await own.Users.RegisterAsync("grace.personal@example.com", name: "Gracious Personal");

        foreach (
            var table in (
                await own.ScalarAsync<string>(
                    """
                    select string_agg(schemaname || '.' || tablename, ' ') from pg_tables
                     where schemaname in ('runtime', 'identity', 'notifications')
                    """
                )
            ).Split(' ')
        )
        {
            var rows = await own.ScalarAsync<string>($"select coalesce(string_agg(t::text, '|'), '') from {table} t");
            foreach (var personal in new[] { "grace", "Gracious", "personal@" })
            {
                Assert.DoesNotContain(personal, rows, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(personal)), rows, StringComparison.OrdinalIgnoreCase);
            }
        }

        // With the keys gone nothing is left that could be sent, proved or opened.
        await using var source = Npgsql.NpgsqlDataSource.Create(own.Databases.Keys + ";Pooling=false");
        await using var burn = source.CreateCommand("delete from keys.subject_keys");
        await burn.ExecuteNonQueryAsync();
        await own.ExecuteAsync("update runtime.lanes set owner = null, leased_until = null");
        await TestApp.EventuallyAsync(
            async () =>
                await own.ScalarAsync<long>(
                    "select count(*) from runtime.events where type = 'notification.failed.v1' and data like '%recipient-deleted%'"
                ) == 1,
            "the mail fails"
        );
        Assert.NotEqual(HttpStatusCode.Created, (await own.Users.VerifyAsync(started.RegistrationId, "123456")).Status);
        Assert.Equal(0L, await own.ScalarAsync<long>("select count(*) from notifications.inbox_messages"));
    }

    private Task<SubjectKey> PersonAsync() => Keys.CreateForPersonAsync(Tenant, Guid.CreateVersion7(app.Clock.GetUtcNow()), default);

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static Dictionary<string, string?> Master(string keys) => new(StringComparer.Ordinal) { ["Keys:Master"] = keys };

    private static async Task DeleteAsync(string database, string key)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(database + ";Pooling=false");
        await using var command = source.CreateCommand("delete from keys.server_keys where name = $1");
        command.Parameters.Add(new() { Value = key });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
