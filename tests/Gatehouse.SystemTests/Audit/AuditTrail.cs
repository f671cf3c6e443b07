using System.Net;
using Gatehouse.Audit;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Tokens;
using Gatehouse.SystemTests.Harness;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.SystemTests.Audit;

/// <summary>Writing, sealing and verifying records of an application.</summary>
internal static class AuditTrail
{
    public static readonly Guid Tenant = new("00000000-0001-7000-8000-000000000001");

    /// <summary>
    /// An application that does recurring work only when a test asks for it: sealing and trimming at their own time would race with the
    /// test, and a rotation of keys, due after a step of the clock, would leave a record among those that the test counts.
    /// </summary>
    public static Task<TestApp> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<IServiceCollection>? replace = null,
        TestApp? beside = null
    ) =>
        TestApp.StartAsync(
            beside?.Databases,
            beside?.Clock,
            settings,
            services =>
            {
                services.RemoveAll<Schedule>();
                replace?.Invoke(services);
            }
        );

    /// <summary>
    /// Forgets what the tests before have left: records and log lines. The clock stands where they moved it, so keys that are due are made
    /// first, which is recorded.
    /// </summary>
    public static async Task EmptyAuditAsync(this TestApp app)
    {
        await app.RunRecurringAsync<MaintainSigningKeys>();
        await app.QuietAsync();
        await app.ExecuteAsync("truncate audit.records, audit.batches, audit.figures");
        app.Logs.Lines.Clear();
    }

    /// <summary>
    /// Has the audit verified, however long that takes: who asks within the next minute gets this result at once, and is not told that it
    /// still runs.
    /// </summary>
    public static async Task VerifiedAuditAsync(this TestApp app, Harness.SignedIn by)
    {
        Answer answer;
        do answer = await app.CallAsync(HttpMethod.Get, "/v1/audit/verify", by);
        while (answer.Status == HttpStatusCode.Conflict);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    /// <summary>
    /// Writes records in one transaction, which changes nothing else: they are settled, and so sealed, together. Each transaction has a
    /// millisecond of its own, because within one the ids of different transactions have no order.
    /// </summary>
    public static Task RecordAsync(
        this TestApp app,
        int count,
        string action = "session.started",
        Guid? subject = null,
        Guid? session = null
    )
    {
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        return app
            .Services.GetRequiredService<Database>()
            .InTransactionAsync(
                "test",
                tx =>
                {
                    for (var i = 0; i < count; i++)
                        tx.Record(
                            new AuditRecord(Tenant, action)
                            {
                                Subject = subject,
                                Session = session,
                                Network = "203.0.113.0/24",
                            }
                        );
                    return Task.FromResult(true);
                },
                CancellationToken.None
            );
    }

    /// <summary>Writes one record as it is, in a transaction and a millisecond of its own; its id.</summary>
    public static async Task<Guid> RecordAsync(this TestApp app, AuditRecord record)
    {
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await app
            .Services.GetRequiredService<Database>()
            .InTransactionAsync(
                "test",
                tx =>
                {
                    tx.Record(record);
                    return Task.FromResult(true);
                },
                CancellationToken.None
            );
        return await app.ScalarAsync<Guid>("select id from audit.records order by id desc limit 1");
    }

    /// <summary>Seals all there is; a transaction of another test may hold it up for a moment.</summary>
    public static Task SealAsync(this TestApp app) =>
        TestApp.EventuallyAsync(
            async () =>
            {
                await app.RunRecurringAsync<SealRecords>();
                return await app.UnsealedAsync() == 0;
            },
            // A transaction that another test holds open on this server holds the sealing up, too.
            "all records are sealed"
        );

    public static Task<long> UnsealedAsync(this TestApp app) =>
        app.ScalarAsync<long>(
            """
            select count(*) from audit.records
             where (epoch, xid, seq) > coalesce((select (last_epoch, last_xid, last_seq) from audit.batches order by number desc limit 1),
                                                (0, 0::bigint, 0::bigint))
            """
        );

    public static Task<AuditReport> VerifyAsync(this TestApp app, params string[] files) =>
        app.Services.GetRequiredService<VerifyChain>().RunAsync(files, CancellationToken.None);

    /// <summary><c>action result reason</c> of every record, in the order of the chain.</summary>
    public static Task<string> ActionsAsync(this TestApp app) =>
        app.ScalarAsync<string>(
            "select coalesce(string_agg(concat_ws(' ', action, result, reason), ', ' order by epoch, xid, seq), '') from audit.records"
        );
}
