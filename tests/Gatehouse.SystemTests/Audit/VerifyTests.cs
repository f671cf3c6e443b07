using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Server;

namespace Gatehouse.SystemTests.Audit;

/// <summary>Whoever owns the database alters it, and <c>gatehouse audit verify</c> tells.</summary>
[SuppressMessage("Security", "CA5350", Justification = "No hash is chosen here.")]
public sealed class VerifyTests(VerifyTests.Checkpointed audited) : IClassFixture<VerifyTests.Checkpointed>, IAsyncLifetime
{
    private const string Second = "(select id from audit.records order by epoch, xid, seq offset 1 limit 1)";
    private const string Third = "(select id from audit.records order by epoch, xid, seq offset 2 limit 1)";

    private readonly TestApp app = audited.App;
    private readonly DirectoryInfo folder = audited.Folder;

    private string File => audited.File;

    /// <summary>Three batches of four records.</summary>
    public async ValueTask InitializeAsync()
    {
        await app.EmptyAuditAsync();
        System.IO.File.Delete(File);
        for (var i = 0; i < 3; i++)
        {
            await app.RecordAsync(4);
            await app.SealAsync();
        }

        Assert.Equal(3, (await System.IO.File.ReadAllLinesAsync(File)).Length);
        Assert.Equal([], (await app.VerifyAsync()).Errors);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData($"update audit.records set result = 'refused' where id = {Second}", "Batch 1: record 2 of 4, ", ", was changed.")]
    [InlineData(
        $"update audit.records set subject = '00000000-0000-7000-8000-00000000dead' where id = {Second}",
        "Batch 1: record 2 of 4, ",
        ", was changed."
    )]
    [InlineData(
        $"update audit.records set recorded_at = recorded_at + interval '1 microsecond' where id = {Second}",
        "Batch 1: record 2 of 4, ",
        ", was changed."
    )]
    [InlineData($"update audit.records set device = '' where id = {Second}", "Batch 1: record 2 of 4, ", ", was changed.")]
    [InlineData($"delete from audit.records where id = {Second}", "Batch 1: record 2 of 4 was removed; it was after the record ", "")]
    [InlineData(
        $"""
            insert into audit.records (id, tenant_id, epoch, xid, seq, recorded_at, action, actor_kind, result, facts)
            select overlay(id::text placing 'ffffffffffff' from 25)::uuid, tenant_id, epoch, xid, seq, recorded_at, action, actor_kind,
                   result, facts
              from audit.records where id = {Second}
            """,
        "Batch 1: the record ",
        "was inserted after the batch was sealed."
    )]
    [InlineData("delete from audit.batches where number = 2", "Batch 2 is missing", "")]
    [InlineData("delete from audit.batches where number < 3", "The batches 1 to 2 are missing", "")]
    [InlineData(
        "update audit.batches set signature = decode(repeat('00', 64), 'hex') where number = 2",
        "Batch 2 has an invalid signature",
        ""
    )]
    [InlineData(
        "update audit.batches set sealed_at = sealed_at - interval '1 day' where number = 2",
        "Batch 2 has an invalid signature",
        ""
    )]
    [InlineData("update audit.batches set newest_at = newest_at - interval '500 days' where number = 2", "Batch 2 was changed", "")]
    [InlineData(
        "update audit.batches set trimmed_at = now(), trim_signature = signature where number = 1",
        "Batch 1 is marked as deleted after its retention",
        ""
    )]
    public async Task What_was_altered_is_told_and_where(string tampering, string begins, string ends)
    {
        await app.ExecuteAsync(tampering);

        var report = await app.VerifyAsync();
        Assert.Contains(report.Errors, f => f.StartsWith(begins, StringComparison.Ordinal) && f.EndsWith(ends, StringComparison.Ordinal));
        Assert.All(report.Errors, f => Assert.Contains(begins.Split(' ', ':')[1], f, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_records_that_were_swapped_are_both_told()
    {
        await app.ExecuteAsync(
            $"""
            with pair as (select id, xid, seq from audit.records where id in ({Second}, {Third}))
            update audit.records a set xid = o.xid, seq = o.seq from pair p join pair o on o.id <> p.id where a.id = p.id
            """
        );

        Assert.Equal(2, (await app.VerifyAsync()).Errors.Count);
    }

    [Fact]
    public async Task A_cut_end_shows_against_the_checkpoints_and_only_there()
    {
        await app.ExecuteAsync(
            """
            delete from audit.records a using audit.batches b
             where b.number = 3 and (a.epoch, a.xid, a.seq) between (b.first_epoch, b.first_xid, b.first_seq)
                                                                and (b.last_epoch, b.last_xid, b.last_seq)
            """
        );
        await app.ExecuteAsync("delete from audit.batches where number = 3");

        var fault = Assert.Single((await app.VerifyAsync()).Errors);
        Assert.StartsWith("Batch 3, which ", fault, StringComparison.Ordinal);
        Assert.EndsWith("does not exist: records at the end were removed.", fault, StringComparison.Ordinal);
        var empty = Path.Combine(folder.FullName, "empty");
        await System.IO.File.WriteAllTextAsync(empty, "");
        Assert.Equal([], (await app.VerifyAsync(empty)).Errors);

        // What is sealed later under the same number is another batch.
        await app.RecordAsync(1);
        await app.SealAsync();
        Assert.Contains(
            (await app.VerifyAsync()).Errors,
            f => f.StartsWith("Batch 3 is not the one that was sealed", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task An_audit_that_was_emptied_altogether_shows_against_the_checkpoints()
    {
        await app.ExecuteAsync("truncate audit.records, audit.batches");

        Assert.Equal(3, (await app.VerifyAsync()).Errors.Count);
    }

    [Fact]
    public async Task Checkpoints_that_are_forged_cut_or_away_are_errors()
    {
        var lines = await System.IO.File.ReadAllLinesAsync(File);
        var forged = Path.Combine(folder.FullName, "forged");
        await System.IO.File.WriteAllTextAsync(
            forged,
            $"{lines[0]}\n{lines[1].Replace("\"batch\":2", "\"batch\":9", StringComparison.Ordinal)}\n{lines[2][..40]}"
        );

        var faults = (await app.VerifyAsync(forged)).Errors;
        Assert.Equal(
            [
                $"{forged}, line 2: this checkpoint is not signed with the key of this installation.",
                $"{forged}, line 3: not a valid checkpoint.",
            ],
            faults
        );
        Assert.StartsWith(
            "The checkpoints could not be read",
            Assert.Single((await app.VerifyAsync(Path.Combine(folder.FullName, "away"))).Errors),
            StringComparison.Ordinal
        );
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task The_command_ends_well_only_when_nothing_differs()
    {
        var settings = await ServeTests.SettingsAsync(app.Databases);
        await using var good = await GatehouseProcess.RunAsync(["audit", "verify", "--checkpoints", File], settings);
        await using var without = await GatehouseProcess.RunAsync(["audit", "verify"], settings);
        await app.ExecuteAsync($"update audit.records set action = 'session.ended' where id = {Second}");
        await using var bad = await GatehouseProcess.RunAsync(["audit", "verify", "--checkpoints", File], settings);

        Assert.Equal(
            (0, "", "ok      12 records in 3 batches, 3 checkpoints compared, 0 records not sealed yet"),
            (await good.ExitCodeAsync(), good.Errors, good.Output)
        );
        Assert.Equal(0, await without.ExitCodeAsync());
        Assert.Contains("note    No checkpoint file was compared", without.Output, StringComparison.Ordinal);
        Assert.Equal((1, ""), (await bad.ExitCodeAsync(), bad.Errors));
        Assert.Contains("ERROR   Batch 1: record 2 of 4, ", bad.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task The_printed_key_verifies_a_checkpoint_anywhere()
    {
        await using var run = await GatehouseProcess.RunAsync(["audit", "key"], await ServeTests.SettingsAsync(app.Databases));
        Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        using var key = ECDsa.Create();
        key.ImportFromPem(run.Output);

        using var checkpoint = System.Text.Json.JsonDocument.Parse((await System.IO.File.ReadAllLinesAsync(File))[^1]);
        string Member(string name) => checkpoint.RootElement.GetProperty(name).GetString()!;
        var message = $"gatehouse-audit-checkpoint-1\n3\n{Member("hash")}\n{Member("at")}";
        Assert.True(
            key.VerifyData(
                System.Text.Encoding.UTF8.GetBytes(message),
                System.Buffers.Text.Base64Url.DecodeFromChars(Member("signature")),
                HashAlgorithmName.SHA256
            )
        );
    }

    [Fact]
    public async Task A_checkpoint_file_that_cannot_be_written_keeps_nothing_from_being_sealed()
    {
        System.IO.File.Delete(File);
        Directory.CreateDirectory(File);
        await app.RecordAsync(1);
        await app.SealAsync();

        await TestApp.EventuallyAsync(
            () =>
                Task.FromResult(
                    app.Logs.Lines.Any(l =>
                        l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("Audit:CheckpointFile", StringComparison.Ordinal)
                    )
                ),
            "the fault is logged"
        );
        Directory.Delete(File);
    }

    /// <summary>An application whose checkpoints go into a file.</summary>
    public sealed class Checkpointed : IAsyncLifetime
    {
        public TestApp App { get; private set; } = null!;

        public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory();

        public string File => Path.Combine(Folder.FullName, "checkpoints.jsonl");

        public async ValueTask InitializeAsync() =>
            App = await AuditTrail.StartAsync(
                settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Audit:CheckpointFile"] = File }
            );

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            Folder.Delete(recursive: true);
        }
    }
}
