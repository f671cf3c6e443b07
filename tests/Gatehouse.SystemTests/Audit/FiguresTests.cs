using System.Globalization;
using System.Net;
using Gatehouse.Audit;
using Gatehouse.Contracts.Activity;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Audit;

[Collection<OneAudit>]
public sealed class FiguresTests(AuditedApp audited) : IAsyncLifetime
{
    private readonly TestApp app = audited.App;
    private SignedIn admin = null!;

    /// <summary>At a quarter past a full hour, with nothing recorded.</summary>
    public async ValueTask InitializeAsync()
    {
        var now = app.Clock.GetUtcNow();
        app.Clock.Advance(TimeSpan.FromMinutes(75) - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerHour));
        await app.EmptyAuditAsync();
        admin = await app.TenantAdministratorAsync();
        await app.EmptyAuditAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_happened_is_counted_by_hour_before_and_after_it_is_sealed()
    {
        await app.RecordAsync(2);
        app.Clock.Advance(TimeSpan.FromHours(2));
        await SignInAgainAsync();
        await app.RecordAsync(3);
        await app.RecordAsync(1, "user.registered");
        await app.RecordAsync(new AuditRecord(AuditTrail.Tenant, "sign-in.failed").RefusedWith("identity.invalid-credentials"));
        await app.RecordAsync(new AuditRecord(AuditTrail.Tenant, "sign-in.throttled").RefusedWith("identity.sign-in-throttled"));

        var before = await GetAsync("");
        await app.SealAsync();
        var after = await GetAsync("");

        Assert.Equal(before.Body.GetRawText(), after.Body.GetRawText());
        Assert.Equal("1 5 1 1 0 0", Totals(after));
        var hours = after.Body.GetProperty("hours").EnumerateArray().ToList();
        Assert.Equal(24, hours.Count);
        Assert.Equal([2, 0, 3], hours.TakeLast(3).Select(h => h.GetProperty("signIns").GetInt64()));
        Assert.Equal(0, hours.Take(21).Sum(h => h.GetProperty("signIns").GetInt64()));
        Assert.Equal(
            "session.started done 5, sign-in.failed refused 1, sign-in.throttled refused 1, user.registered done 1",
            string.Join(
                ", ",
                after
                    .Body.GetProperty("actions")
                    .EnumerateArray()
                    .Select(a => $"{a.GetProperty("action")} {a.GetProperty("result")} {a.GetProperty("count")}")
            )
        );
        Assert.Equal(8L, await app.ScalarAsync<long>("select sum(count)::bigint from audit.figures"));
    }

    [Fact]
    public async Task Two_nodes_that_seal_at_once_count_each_record_once()
    {
        await using var second = await AuditTrail.StartAsync(beside: app);
        var writing = Task.WhenAll(WriteAsync(app), WriteAsync(second));
        while (!writing.IsCompleted)
            await Task.WhenAll(app.RunRecurringAsync<SealRecords>(), second.RunRecurringAsync<SealRecords>());
        await writing;
        Assert.Equal(100, await SignInsAsync());
        await app.SealAsync();

        Assert.Equal(100, await SignInsAsync());
        Assert.Equal(100L, await app.ScalarAsync<long>("select sum(count)::bigint from audit.figures"));

        static async Task WriteAsync(TestApp node)
        {
            for (var i = 0; i < 25; i++)
                await node.RecordAsync(2);
        }
    }

    [Fact]
    public async Task Batches_of_a_release_without_figures_are_counted_afterwards_and_once()
    {
        for (var i = 0; i < 3; i++)
        {
            await app.RecordAsync(2);
            await app.SealAsync();
        }

        await app.ExecuteAsync("truncate audit.figures");
        await app.ExecuteAsync("update audit.batches set counted = false where number < 3");
        await using var second = await AuditTrail.StartAsync(beside: app);
        await Task.WhenAll(app.RunRecurringAsync<SealRecords>(), second.RunRecurringAsync<SealRecords>());
        await app.RunRecurringAsync<SealRecords>();

        Assert.Equal(4L, await app.ScalarAsync<long>("select sum(count)::bigint from audit.figures"));
        Assert.Equal([], (await app.VerifyAsync()).Errors);
    }

    [Fact]
    public async Task Mails_are_counted_when_they_are_sent_and_when_they_come_back()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email);
        await app.QuietAsync();
        var sent = await app.ScalarAsync<long>("select count(*) from runtime.events where type = 'notification.delivered.v1'");
        Assert.True(sent > 0);
        await app.ExecuteAsync("delete from audit.figures where action like 'notification.%'");

        await PublishAsync(
            new NotificationDeliveredV1
            {
                NotificationId = Guid.CreateVersion7(app.Clock.GetUtcNow()),
                Channel = "email",
                Sender = "smtp",
            }
        );
        await PublishAsync(
            new NotificationFailedV1
            {
                NotificationId = Guid.CreateVersion7(app.Clock.GetUtcNow()),
                Channel = "email",
                Reason = "bounced",
            }
        );
        await app.QuietAsync();

        var totals = (await GetAsync("")).Body.GetProperty("totals");
        Assert.Equal((1L, 1L), (totals.GetProperty("mailsSent").GetInt64(), totals.GetProperty("mailsFailed").GetInt64()));
    }

    [Fact]
    public async Task Figures_of_other_tenants_are_not_among_them()
    {
        var other = new Guid("00000000-0001-7000-8000-0000000000ff");
        await app.RecordAsync(new AuditRecord(other, "session.started"));
        Assert.Equal(0, await SignInsAsync());
        await app.SealAsync();
        Assert.Equal(0, await SignInsAsync());

        var now = app.Clock.GetUtcNow();
        var sums = await app.Services.GetRequiredService<IActivityFigures>().SumAsync(other, now.AddHours(-1), now, CancellationToken.None);
        Assert.Equal(("session.started", 1L), Assert.Single(sums) is var sum ? (sum.Action, sum.Count) : default);
    }

    [Fact]
    public async Task Figures_past_their_retention_are_deleted()
    {
        await app.RecordAsync(1);
        await app.SealAsync();
        await app.ExecuteAsync(
            "insert into audit.figures select tenant_id, hour - interval '401 days', action, result, count from audit.figures"
        );

        await app.RunRecurringAsync<TrimRecords>();

        Assert.Equal(1L, await app.ScalarAsync<long>("select count(*) from audit.figures"));
    }

    [Theory]
    [InlineData("?from=now", "from: audit.time-invalid")]
    [InlineData("?to=2026-11-21T08:00:00", "to: audit.time-invalid")]
    [InlineData("?from=2026-11-22T00:00:00Z&to=2026-11-21T00:00:00Z", "to: audit.range-invalid")]
    [InlineData("?from=2026-11-22T00:00:00Z&to=2026-11-22T00:00:00Z", "to: audit.range-invalid")]
    [InlineData("?from=1970-01-01T00:00:00Z&to=9998-12-31T00:00:00Z", "to: audit.range-too-long")]
    [InlineData("?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:01Z", "to: audit.range-too-long")]
    [InlineData("?from=9998-12-31T23:59:59Z", "to: audit.range-invalid")]
    [InlineData("?to=1970-01-01T00:00:00Z&from=9998-12-31T23:59:59Z", "to: audit.range-invalid")]
    public async Task A_range_that_cannot_be_is_rejected(string query, string errors)
    {
        var answer = await GetAsync(query, HttpStatusCode.BadRequest);

        Assert.Equal(errors, string.Join(", ", answer.Errors));
    }

    [Fact]
    public async Task A_range_is_rounded_to_whole_hours_and_may_have_31_days()
    {
        var answer = await GetAsync("?from=2026-10-01T00:59:59%2B00:00&to=2026-10-31T23:00:01Z");

        Assert.Equal(744, answer.Body.GetProperty("hours").GetArrayLength());
        Assert.Equal("2026-10-01T00:00:00.000000+00:00", answer.Body.GetProperty("from").GetString());
        Assert.Equal("2026-11-01T00:00:00.000000+00:00", answer.Body.GetProperty("to").GetString());
    }

    // After hours the token has expired; what a new one leaves is not what the test counts.
    private async Task SignInAgainAsync()
    {
        await app.QuietAsync();
        var before = app.Clock.GetUtcNow();
        admin = await app.TenantAdministratorAsync();
        await app.QuietAsync();
        await app.ExecuteAsync("delete from audit.records where recorded_at >= $1", before);
        await app.ExecuteAsync("delete from audit.figures");
    }

    private static string Totals(Answer answer) =>
        string.Join(
            ' ',
            answer.Body.GetProperty("totals").EnumerateObject().Select(p => p.Value.GetInt64().ToString(CultureInfo.InvariantCulture))
        );

    private async Task<long> SignInsAsync() => (await GetAsync("")).Body.GetProperty("totals").GetProperty("signIns").GetInt64();

    private async Task<Answer> GetAsync(string query, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var answer = await app.CallAsync(HttpMethod.Get, "/v1/audit/figures" + query, admin);
        Assert.True(answer.Status == expected, answer.Text);
        return answer;
    }

    private Task<bool> PublishAsync<T>(T message)
        where T : IEvent =>
        app
            .Services.GetRequiredService<Database>()
            .InTransactionAsync(
                "test",
                tx =>
                {
                    tx.Publish(AuditTrail.Tenant, Guid.CreateVersion7(tx.Now), message);
                    return Task.FromResult(true);
                },
                CancellationToken.None
            );
}
