using System.Security.Cryptography;
using Gatehouse.Encryption;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Server;

/// <summary><c>gatehouse keys rewrap</c> as a process, over keys that an older master key wraps.</summary>
[Trait("Speed", "Slow")]
public sealed class KeysRewrapTests
{
    private const int Users = 2500;

    private static readonly Guid Tenant = new("00000000-0001-7000-8000-000000000001");
    private static readonly string Old = "old:" + NewKey();
    private static readonly string Young = "new:" + NewKey();

    [Fact]
    public async Task A_killed_run_is_continued_and_then_the_old_key_can_go()
    {
        var databases = await FillAsync();
        var settings = await SettingsAsync(databases, $"{Young},{Old}");

        var early = await Assert.ThrowsAsync<MasterKeyException>(() => TestApp.StartAsync(databases, settings: Master(Young)));
        Assert.Contains("'old', which is not configured", early.Message, StringComparison.Ordinal);

        // Before the commit of the second batch of users' keys: what the first one did stays.
        await using (var killed = GatehouseProcess.Start(["keys", "rewrap"], settings, killAt: "keys.rewrap.commit start 5"))
            Assert.Equal(GatehouseProcess.Killed, await killed.ExitCodeAsync());
        var left = await CountAsync(databases, "old");
        Assert.InRange(left, 1, Users - 1);
        await using (var doctor = await GatehouseProcess.RunAsync(["doctor"], settings))
            Assert.Contains($"{left:N0} with 'old'", doctor.Output, StringComparison.Ordinal);
        // The server keys are done by now; the users' are looked at all the same.
        early = await Assert.ThrowsAsync<MasterKeyException>(() => TestApp.StartAsync(databases, settings: Master(Young)));
        Assert.Contains("'old', which is not configured", early.Message, StringComparison.Ordinal);

        await using var run = await GatehouseProcess.RunAsync(["keys", "rewrap"], settings);
        Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        Assert.Contains($"{left:N0} keys re-encrypted, 0 left", run.Output, StringComparison.Ordinal);
        Assert.Contains("'old' may be removed from Keys:Master", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(databases, "old"));

        await using var after = await TestApp.StartAsync(databases, settings: Master(Young));
        await AssertAllOpenAsync(after, databases);
    }

    [Fact]
    public async Task A_wrong_old_key_changes_nothing()
    {
        var databases = await FillAsync();
        var before = await CountAsync(databases, "old");

        await using var run = await GatehouseProcess.RunAsync(
            ["keys", "rewrap"],
            await SettingsAsync(databases, $"{Young},old:{NewKey()}")
        );

        Assert.Equal((1, ""), (await run.ExitCodeAsync(), run.Output));
        Assert.Contains("'old' is not the one that encrypted the stored keys", run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await CountAsync(databases, "old"));
    }

    [Fact]
    public async Task Two_runs_at_once_share_the_work_beside_a_server_and_an_erased_key_stays_erased()
    {
        var databases = await FillAsync();
        await using var app = await TestApp.StartAsync(databases, settings: Master($"{Young},{Old}"));
        var keys = app.Services.GetRequiredService<SubjectKeys>();
        var erased = (await UsersAsync(databases)).Chunk(20).Select(some => some[0]).ToArray();
        var settings = await SettingsAsync(databases, $"{Young},{Old}");

        var runs = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => GatehouseProcess.RunAsync(["keys", "rewrap"], settings)));
        foreach (var some in erased.Chunk(5))
            await keys.DestroyAsync(some, default);

        foreach (var run in await runs)
        {
            await using (run)
                Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        }

        Assert.Equal(0, await CountAsync(databases, "old"));
        Assert.Equal(Users - erased.Length, await AssertAllOpenAsync(app, databases));
    }

    [Fact]
    public async Task Every_table_of_wrapped_keys_is_rewrapped()
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        await using var app = await TestApp.StartAsync(databases);
        var tables = await app.KeyScalarAsync<string>(
            """
            select string_agg(table_schema || '.' || table_name, ' ' order by table_name) from information_schema.columns
             where table_schema = 'keys' and column_name = 'wrapped'
            """
        );

        Assert.Equal(tables.Split(' '), app.Services.GetServices<WrappedKeyTable>().Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>A key store in use whose keys the old master key wraps.</summary>
    private static async Task<(string Main, string Keys)> FillAsync()
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        await using var app = await TestApp.StartAsync(databases, settings: Master(Old));
        var masterKeys = app.Services.GetRequiredService<MasterKeys>();
        var ids = Enumerable.Range(0, Users).Select(_ => Guid.CreateVersion7(app.Clock.GetUtcNow())).ToArray();
        await using var source = NpgsqlDataSource.Create(databases.Keys + ";Pooling=false");
        await using var insert = source.CreateCommand(
            """
            insert into keys.subject_keys (subject_id, tenant_id, master_key, wrapped, created_at, provisional)
            select id, $1, 'old', box, now(), false from unnest($2, $3) as made (id, box)
            """
        );
        insert.Parameters.Add(new() { Value = Tenant });
        insert.Parameters.Add(new() { Value = ids });
        insert.Parameters.Add(
            new() { Value = ids.Select(id => masterKeys.Wrap($"subject|{id:N}", RandomNumberGenerator.GetBytes(32))).ToArray() }
        );
        await insert.ExecuteNonQueryAsync();
        return databases;
    }

    private static async Task<int> AssertAllOpenAsync(TestApp app, (string Main, string Keys) databases)
    {
        var users = await UsersAsync(databases);
        var opened = await app.Services.GetRequiredService<SubjectKeys>().FindAllAsync(users, default);
        Assert.Equal(users.Length, opened.Count);
        return opened.Count;
    }

    private static async Task<Guid[]> UsersAsync((string Main, string Keys) databases) =>
        (Guid[])(await ScalarAsync(databases, "select array_agg(subject_id order by subject_id) from keys.subject_keys"))!;

    private static async Task<long> CountAsync((string Main, string Keys) databases, string masterKey) =>
        (long)
            (
                await ScalarAsync(
                    databases,
                    $"""
                    select count(*) from (select master_key from keys.subject_keys union all select master_key from keys.server_keys
                        union all select master_key from keys.signing_keys union all select master_key from keys.rsa_signing_keys
                        union all select master_key from keys.data_protection_keys) as k where master_key = '{masterKey}'
                    """
                )
            )!;

    private static async Task<object?> ScalarAsync((string Main, string Keys) databases, string sql)
    {
        await using var source = NpgsqlDataSource.Create(databases.Keys + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<IReadOnlyDictionary<string, string?>> SettingsAsync((string Main, string Keys) databases, string master) =>
        new Dictionary<string, string?>(await ServeTests.SettingsAsync(databases), StringComparer.Ordinal) { ["Keys:Master"] = master };

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static Dictionary<string, string?> Master(string keys) => new(StringComparer.Ordinal) { ["Keys:Master"] = keys };
}
