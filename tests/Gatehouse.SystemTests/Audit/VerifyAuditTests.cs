using System.Net;
using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Audit;

[Collection<OneAudit>]
public sealed class VerifyAuditTests(AuditedApp audited) : IAsyncLifetime
{
    private readonly TestApp app = audited.App;
    private SignedIn tenant = null!;
    private SignedIn platform = null!;

    /// <summary>Three batches of four records, and no result that could be shared.</summary>
    public async ValueTask InitializeAsync()
    {
        await app.EmptyAuditAsync();
        tenant = await app.TenantAdministratorAsync();
        platform = await app.PlatformAdministratorAsync();
        await app.EmptyAuditAsync();
        for (var i = 0; i < 3; i++)
        {
            await app.RecordAsync(4);
            await app.SealAsync();
        }

        app.Clock.Advance(SharedVerification.Shared);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_platform_administrator_sees_what_was_compared()
    {
        await app.RecordAsync(1);
        var body = (await VerifyAsync(platform)).Body;

        Assert.True(body.GetProperty("intact").GetBoolean());
        var details = body.GetProperty("details");
        Assert.Equal("3 12 1 3 0", Numbers(details, "batches", "records", "unsealed", "lastBatch", "errorCount"));
        Assert.Equal(JsonValueKind.Null, details.GetProperty("firstBrokenBatch").ValueKind);
        Assert.Equal(
            await app.ScalarAsync<DateTime>("select sealed_at from audit.batches where number = 3"),
            details.GetProperty("lastSealedAt").GetDateTimeOffset().UtcDateTime
        );
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(6, 2)]
    [InlineData(11, 3)]
    public async Task A_record_that_was_altered_is_told_with_its_batch(int record, long batch)
    {
        await app.ExecuteAsync(
            $"""
            update audit.records set result = 'refused'
             where id = (select id from audit.records order by epoch, xid, seq offset {record - 1} limit 1)
            """
        );

        var details = (await VerifyAsync(platform)).Body.GetProperty("details");
        Assert.Equal(batch, details.GetProperty("firstBrokenBatch").GetInt64());
        Assert.StartsWith(
            $"Batch {batch}: record ",
            Assert.Single(details.GetProperty("errors").EnumerateArray().ToList()).GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("delete from audit.batches where number < 3", 1)]
    [InlineData("update audit.batches set signature = decode(repeat('00', 64), 'hex') where number > 1", 2)]
    [InlineData("update audit.batches set previous = hash where number = 3", 3)]
    public async Task Batches_that_were_altered_are_told(string tampering, long batch)
    {
        await app.ExecuteAsync(tampering);

        Assert.Equal(batch, (await VerifyAsync(platform)).Body.GetProperty("details").GetProperty("firstBrokenBatch").GetInt64());
    }

    [Fact]
    public async Task An_administrator_of_a_tenant_learns_whether_and_when_and_nothing_of_others()
    {
        Assert.True((await VerifyAsync(tenant)).Body.GetProperty("intact").GetBoolean());

        await app.ExecuteAsync("update audit.records set result = 'refused'");
        app.Clock.Advance(SharedVerification.Shared);
        var body = (await VerifyAsync(tenant)).Body;

        Assert.False(body.GetProperty("intact").GetBoolean());
        Assert.Equal(["intact", "verifiedAt", "details"], body.EnumerateObject().Select(p => p.Name));
        Assert.Equal(JsonValueKind.Null, body.GetProperty("details").ValueKind);
    }

    [Fact]
    public async Task All_who_ask_at_once_and_within_a_minute_share_one_result()
    {
        using var held = app.Clock.Hold();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => VerifyAsync(i % 2 == 0 ? tenant : platform)));
        app.Clock.Advance(TimeSpan.FromSeconds(50));
        var later = await VerifyAsync(tenant);
        app.Clock.Advance(TimeSpan.FromSeconds(20));
        var anew = await VerifyAsync(tenant);

        var time = Assert.Single(answers.Append(later).Select(At).Distinct());
        Assert.NotEqual(time, At(anew));

        static string At(Answer answer) => answer.Body.GetProperty("verifiedAt").GetString()!;
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_verification_that_takes_long_goes_on_and_its_result_waits()
    {
        await using (var connection = new NpgsqlConnection(app.Databases.Main + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var holding = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("lock table audit.batches in access exclusive mode", connection, holding);
            await command.ExecuteNonQueryAsync();
            var early = await VerifyAsync(tenant, HttpStatusCode.Conflict);
            Assert.Equal(("audit.verification-running", "5"), (early.Code, early.Header("Retry-After")));
        }

        Assert.True((await VerifyAsync(tenant)).Body.GetProperty("intact").GetBoolean());
    }

    private static string Numbers(JsonElement details, params string[] members) =>
        string.Join(' ', members.Select(name => details.GetProperty(name).GetRawText()));

    private async Task<Answer> VerifyAsync(SignedIn by, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var answer = await app.CallAsync(HttpMethod.Get, "/v1/audit/verify", by);
        Assert.True(answer.Status == expected, $"{answer.Status} {answer.Text}");
        return answer;
    }
}
