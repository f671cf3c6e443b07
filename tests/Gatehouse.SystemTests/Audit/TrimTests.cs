using System.Globalization;
using Gatehouse.Audit;
using Gatehouse.Core.Postgres;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Audit;

[Collection<OneAudit>]
public sealed class TrimTests(AuditedApp audited) : IAsyncLifetime
{
    private readonly TestApp app = audited.App;

    public async ValueTask InitializeAsync() => await app.EmptyAuditAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Records_past_their_retention_are_dropped_by_months_and_the_rest_still_verifies()
    {
        var old = Partition();
        await app.RecordAsync(3);
        await app.SealAsync();
        await app.RecordAsync(2);
        await app.SealAsync();
        app.Clock.Advance(TimeSpan.FromDays(60));
        var young = Partition();
        await app.RecordAsync(4);
        await app.SealAsync();

        app.Clock.Advance(TimeSpan.FromDays(372));
        await TrimmedAsync(old);
        await app.RecordAsync(1);
        await app.SealAsync();

        Assert.True(await ExistsAsync(young));
        var report = await app.VerifyAsync();
        Assert.Equal((0L, 5L), (report.ErrorCount, report.Records));
        Assert.Contains(
            "The records of the batches up to 2 were deleted after their retention; verification starts at batch 3.",
            report.Notes
        );
        Assert.Equal("2,3,4", await app.ScalarAsync<string>("select string_agg(number::text, ',' order by number) from audit.batches"));

        app.Clock.Advance(TimeSpan.FromDays(62));
        await TrimmedAsync(young);
        await app.RecordAsync(1);
        await app.SealAsync();
        Assert.Equal([], (await app.VerifyAsync()).Errors);
    }

    [Fact]
    public async Task The_last_day_of_the_retention_is_kept()
    {
        var day = Partition();
        await app.RecordAsync(1);
        await app.SealAsync();
        app.Clock.Advance(TimeSpan.FromDays(400));
        await app.RunRecurringAsync<TrimRecords>();

        Assert.True(await ExistsAsync(day));
        Assert.Equal(1L, (await app.VerifyAsync()).Records);
    }

    [Fact]
    public async Task Records_that_are_not_sealed_are_kept_however_old()
    {
        // Holds the settling up: this transaction may still commit.
        await using var connection = new NpgsqlConnection(app.Databases.Main + ";Pooling=false");
        await connection.OpenAsync();
        await using var late = await connection.BeginTransactionAsync();
        await new DbSession(connection, late, default).ExecuteAsync("create table public.late (n int)");
        var day = Partition();
        await app.RecordAsync(1);

        app.Clock.Advance(TimeSpan.FromDays(500));
        await app.RunRecurringAsync<TrimRecords>();
        Assert.True(await ExistsAsync(day));
        Assert.Equal("session.started done", await app.ActionsAsync());
        Assert.Contains("are not in any batch", Assert.Single((await app.VerifyAsync()).Errors), StringComparison.Ordinal);

        await late.RollbackAsync();
        await app.SealAsync();
        await TrimmedAsync(day);
    }

    [Fact]
    public async Task Records_removed_before_their_time_are_not_taken_for_dropped_ones()
    {
        await app.RecordAsync(2);
        await app.SealAsync();
        await app.ExecuteAsync($"drop table audit.{Partition()}");

        Assert.Equal(2, (await app.VerifyAsync()).Errors.Count);
    }

    [Fact]
    public async Task A_record_put_among_what_retention_has_dropped_is_found()
    {
        await app.RecordAsync(1);
        await app.SealAsync();
        app.Clock.Advance(TimeSpan.FromDays(1));
        await app.RecordAsync(1);
        await app.SealAsync();
        app.Clock.Advance(TimeSpan.FromDays(400));
        await app.RunRecurringAsync<TrimRecords>();
        Assert.Equal([], (await app.VerifyAsync()).Errors);

        await app.RecordAsync(1);
        await app.ExecuteAsync(
            """
            update audit.records set epoch = 0, xid = 1, seq = 1 where id = (select id from audit.records order by recorded_at desc limit 1)
            """
        );

        Assert.Contains(
            "was inserted among records that retention has deleted",
            Assert.Single((await app.VerifyAsync()).Errors),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_list_touches_few_partitions_however_long_the_audit_is_kept()
    {
        var first = Partition();
        for (var month = 0; month < 14; month++)
        {
            app.Clock.Advance(TimeSpan.FromDays(31));
            await app.RecordAsync(1);
        }

        Assert.InRange(
            await app.ScalarAsync<long>(
                "select count(*) from pg_inherits i join pg_class c on c.oid = i.inhrelid "
                    + "where i.inhparent = 'audit.records'::regclass and c.relname >= $1",
                first
            ),
            14L,
            18L
        );
    }

    private string Partition() => "records_" + app.Clock.GetUtcNow().ToString("yyyyMM01", CultureInfo.InvariantCulture);

    private Task<bool> ExistsAsync(string partition) => app.ScalarAsync<bool>("select to_regclass('audit.' || $1) is not null", partition);

    private Task TrimmedAsync(string partition) =>
        TestApp.EventuallyAsync(
            async () =>
            {
                await app.RunRecurringAsync<TrimRecords>();
                return !await ExistsAsync(partition);
            },
            partition + " is dropped"
        );
}
