using Gatehouse.Audit;
using Gatehouse.Core.Backlogs;
using Gatehouse.Core.Postgres;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Audit;

[Collection<OneAudit>]
public sealed class SealTests(AuditedApp audited) : IAsyncLifetime
{
    private readonly TestApp app = audited.App;

    public async ValueTask InitializeAsync() => await app.EmptyAuditAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_late_commit_is_never_skipped()
    {
        await app.RecordAsync(2);
        await app.SealAsync();

        // Takes its transaction id first, commits last.
        await using var connection = new NpgsqlConnection(app.Databases.Main + ";Pooling=false");
        await connection.OpenAsync();
        await using var late = await connection.BeginTransactionAsync();
        await new DbSession(connection, late, default).ExecuteAsync(
            """
            insert into audit.records (id, tenant_id, epoch, recorded_at, action, actor_kind, result, facts)
            values (@id, @tenant, 1, now(), 'test.late', 'system', 'done', '{}')
            """,
            new { id = Guid.CreateVersion7(app.Clock.GetUtcNow()), tenant = AuditTrail.Tenant }
        );
        await app.RecordAsync(3);

        for (var i = 0; i < 3; i++)
            await app.RunRecurringAsync<SealRecords>();
        Assert.Equal((3L, 1L), (await app.UnsealedAsync(), await app.ScalarAsync<long>("select count(*) from audit.batches")));

        await late.CommitAsync();
        await app.SealAsync();
        Assert.Equal(6L, await app.ScalarAsync<long>("select sum(records) from audit.batches"));
        Assert.Equal([], (await app.VerifyAsync()).Errors);
    }

    [Fact]
    public async Task Two_nodes_that_seal_at_once_while_records_are_written_seal_each_record_once()
    {
        await using var second = await AuditTrail.StartAsync(beside: app);
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(i => WriteAsync(i % 2 == 0 ? app : second)));
        while (!writing.IsCompleted)
            await Task.WhenAll(app.RunRecurringAsync<SealRecords>(), second.RunRecurringAsync<SealRecords>());
        await writing;
        await app.SealAsync();

        Assert.Equal(400L, await app.ScalarAsync<long>("select sum(records) from audit.batches"));
        Assert.True(await app.ScalarAsync<bool>("select max(number) = count(*) from audit.batches"));
        var report = await second.VerifyAsync();
        Assert.Equal((0L, 400L, 0L), (report.ErrorCount, report.Records, report.Unsealed));

        static async Task WriteAsync(TestApp node)
        {
            for (var i = 0; i < 50; i++)
                await node.RecordAsync(2);
        }
    }

    [Fact]
    public async Task A_verification_beside_writing_and_sealing_finds_no_fault()
    {
        // So many that it writes during each verification, and an end that none of them hastens.
        var writing = Task.Run(async () =>
        {
            for (var round = 0; round < 400; round++)
            {
                await app.RecordAsync(2);
                await app.RunRecurringAsync<SealRecords>();
            }
        });
        var verifications = 0;
        for (; !writing.IsCompleted; verifications++)
            Assert.Equal([], (await app.VerifyAsync()).Errors);
        await writing;
        Assert.True(verifications > 3, $"only {verifications} fell beside the writing");
    }

    [Fact]
    public async Task More_than_a_batch_is_sealed_in_one_round_with_one_checkpoint()
    {
        await app.ExecuteAsync(
            """
            insert into audit.records (id, tenant_id, epoch, recorded_at, action, actor_kind, result, facts)
            select overlay($1::uuid::text placing lpad(to_hex(n), 12, '0') from 25)::uuid, $2, 1, now(), 'test.bulk', 'system', 'done', '{}'
              from generate_series(1, 2500) n
            """,
            Guid.CreateVersion7(app.Clock.GetUtcNow()),
            AuditTrail.Tenant
        );
        await app.SealAsync();

        Assert.Equal(
            "1000,1000,500",
            await app.ScalarAsync<string>("select string_agg(records::text, ',' order by number) from audit.batches")
        );
        var checkpoint = Assert.Single(app.Logs.Lines, line => line.Contains("Audit checkpoint", StringComparison.Ordinal));
        Assert.StartsWith("Information", checkpoint, StringComparison.Ordinal);
        Assert.Contains("\"batch\":3", checkpoint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_nothing_new_no_batch_is_made()
    {
        await app.RecordAsync(1);
        await app.SealAsync();
        await app.RunRecurringAsync<SealRecords>();

        Assert.Equal(1L, await app.ScalarAsync<long>("select count(*) from audit.batches"));
    }

    [Theory]
    [InlineData("update audit.records set xid = xid + 1000000000")]
    [InlineData("update audit.batches set last_xid = last_xid + 1000000000")]
    public async Task After_a_restore_into_a_younger_cluster_new_records_are_sealed_all_the_same(string older)
    {
        await using var before = await AuditTrail.StartAsync();
        await before.RecordAsync(1);
        await before.SealAsync();
        await before.ExecuteAsync(older);

        await using var after = await TestApp.StartAsync(before.Databases, before.Clock);
        Assert.Equal(2, after.Services.GetRequiredService<LogEpoch>().Current);
        await after.RecordAsync(2);
        await after.SealAsync();
        Assert.Equal(2, await after.ScalarAsync<int>("select last_epoch from audit.batches order by number desc limit 1"));
    }

    [Fact]
    public async Task What_waits_to_be_sealed_is_told_to_operators()
    {
        await app.RecordAsync(3);
        await app.Services.GetRequiredService<Backlog<AuditBacklog>>().ReadAsync(CancellationToken.None);

        Assert.Contains(
            "\"unsealedRecords\":3",
            await app.Management.GetStringAsync(new Uri("/health", UriKind.Relative)),
            StringComparison.Ordinal
        );
    }
}
