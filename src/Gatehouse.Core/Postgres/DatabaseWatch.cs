using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Core.Postgres;

/// <summary>
/// Looks every second whether both databases can serve (see <see cref="DatabaseOutage"/>) and what time it is there (see
/// <see cref="ClockSkew"/>).
/// </summary>
public sealed partial class DatabaseWatch(
    DataSources sources,
    DatabaseOutage outage,
    ClockSkew skew,
    TimeProvider clock,
    ILogger<DatabaseWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    // What a new connection may do counts as well: the open ones do not learn of a changed default.
    private const string Question = """
        select clock_timestamp() as Now,
               pg_is_in_recovery()
               or current_setting('transaction_read_only')::boolean
               or coalesce(
                  (select substring(c from '=(.*)')::boolean
                     from pg_db_role_setting s, unnest(s.setconfig) c
                    where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
                      and s.setrole in (0, (select oid from pg_roles where rolname = session_user))
                      and c like 'default_transaction_read_only=%'
                    order by s.setdatabase <> 0 and s.setrole <> 0 desc, s.setrole <> 0 desc, s.setdatabase <> 0 desc
                    limit 1), false) as ReadOnly
        """;

    private readonly Lock gate = new();
    private Task<Look>? underWay;

    // Touched by the look under way only, and one is under way at a time.
    private bool wasWrong;

    /// <summary>
    /// Looks now, or joins the look that is under way, and never waits longer than two seconds: a database that hangs answers neither the
    /// question nor its cancellation.
    /// </summary>
    public async Task<Look> LookAsync(CancellationToken cancellationToken)
    {
        Task<Look> look;
        lock (gate)
        {
            // What the first who asks carries (its trace) is not the others'.
            using (ExecutionContext.SuppressFlow())
                look = underWay is { IsCompleted: false } ? underWay : underWay = Task.Run(AskBothAsync, CancellationToken.None);
        }

        try
        {
            return await look.WaitAsync(MaxWait, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            var silent = new DatabaseState(CanServe: false, MaxWait, $"no response within {MaxWait.TotalSeconds} s");
            outage.Failed(silent.Reason!);
            return new Look(silent, sources.HasKeys ? silent : null);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Once it has failed, connections of before are not worth keeping: they may be read-only, or end at the old server. All that
            // serve after the outage were opened after this.
            if (outage.IsOn)
                sources.DropConnections();
            await ((Task)LookAsync(stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Look> AskBothAsync()
    {
        var start = clock.GetTimestamp();
        var (main, keys) = (AskAsync(sources.Main, isMain: true), sources.HasKeys ? AskAsync(sources.Keys, isMain: false) : null);
        var look = new Look(await main, keys is null ? null : await keys);
        if (look.Failed is { } failed)
            outage.Failed(failed.Reason!);
        else
            outage.Answered(start);
        ReportSkew();
        return look;
    }

    private void ReportSkew()
    {
        if (skew.IsTooLarge == wasWrong)
            return;
        wasWrong = skew.IsTooLarge;
        if (wasWrong)
            Log.ClockWrong(logger, skew.Text);
        else
            Log.ClockRight(logger);
    }

    private async Task<DatabaseState> AskAsync(NpgsqlDataSource source, bool isMain)
    {
        var start = clock.GetTimestamp();
        try
        {
            var answer = await source.QueryAsync(
                async db =>
                {
                    var asked = skew.Ask();
                    var answer = await db.SingleAsync<Answer>(Question);
                    if (isMain)
                        skew.Measure(answer.Now, asked);
                    return answer;
                },
                CancellationToken.None
            );
            return new DatabaseState(!answer.ReadOnly, clock.GetElapsedTime(start), answer.ReadOnly ? "it is read-only" : null);
        }
        catch (Exception e)
        {
            return new DatabaseState(CanServe: false, clock.GetElapsedTime(start), DatabaseFailure.Reason(e));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Error,
            "This node does nothing now: {Difference}. Synchronize both machines (chrony or systemd-timesyncd)"
        )]
        public static partial void ClockWrong(ILogger logger, string difference);

        [LoggerMessage(2, LogLevel.Warning, "The clock agrees with the database's again; this node goes on")]
        public static partial void ClockRight(ILogger logger);
    }

    private sealed class Answer
    {
        public DateTimeOffset Now { get; init; }

        public bool ReadOnly { get; init; }
    }
}

/// <param name="Keys">Null where this process has no key store.</param>
public sealed record Look(DatabaseState Main, DatabaseState? Keys)
{
    /// <summary>One that cannot serve; null if all can.</summary>
    public DatabaseState? Failed =>
        !Main.CanServe ? Main
        : Keys is { CanServe: false } ? Keys
        : null;
}

/// <param name="Reason">Why it cannot serve; null when it can.</param>
public sealed record DatabaseState(bool CanServe, TimeSpan Took, string? Reason);
