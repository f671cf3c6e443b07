using System.Collections.Concurrent;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Messaging.Jobs;

public sealed class JobTests(JobTests.Scripted running) : IClassFixture<JobTests.Scripted>, IAsyncLifetime
{
    private const string Stranger = "00000000-0000-7000-8000-00000000dead";
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(7);

    private readonly Script script = running.Script;
    private readonly TestApp app = running.App;

    // Nothing is tried again before the test says so, however slow the machine is.
    private readonly IDisposable held = running.App.Clock.Hold();

    public async ValueTask InitializeAsync()
    {
        await app.ExecuteAsync("truncate runtime.jobs");
        await app.ExecuteAsync($"delete from runtime.nodes where id = '{Stranger}'");
    }

    public ValueTask DisposeAsync()
    {
        held.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_job_runs_once_however_often_it_is_queued()
    {
        var job = NewId();
        await EnqueueAsync(job);
        await GoneAsync(job);
        await EnqueueAsync(job, runAt: app.Clock.GetUtcNow().AddHours(1));
        await EnqueueAsync(job);

        Assert.Equal([1], script.Runs(job));
        Assert.Equal(1L, await app.ScalarAsync<long>("select count(*) from runtime.jobs where id = $1", job));
    }

    [Fact]
    public async Task A_job_does_not_run_before_its_time()
    {
        var (later, now) = (NewId(), NewId());
        await EnqueueAsync(later, runAt: app.Clock.GetUtcNow().AddHours(1));
        await EnqueueAsync(now);
        await GoneAsync(now);
        Assert.Empty(script.Runs(later));

        app.Clock.Advance(TimeSpan.FromHours(1));
        await GoneAsync(later);
    }

    [Fact]
    public async Task A_failing_job_is_tried_with_growing_waits_and_given_up_after_the_last()
    {
        var job = NewId();
        script.Answers[job] = (attempt, _) =>
            attempt == 2
                ? throw new InvalidOperationException()
                : Task.FromResult(JobResult.Retry("not now", tx => EndAsync(tx, job, "given up")));
        await EnqueueAsync(job);
        await TestApp.EventuallyAsync(async () => await StateAsync(job) == "ready 1 not now", "the first attempt");
        Assert.Equal(0L, await EndsAsync(job));

        app.Clock.Advance(TimeSpan.FromSeconds(1.3));
        await TestApp.EventuallyAsync(async () => await StateAsync(job) == "ready 2 InvalidOperationException", "the second attempt");
        app.Clock.Advance(MaxWait);
        await TestApp.EventuallyAsync(async () => await StateAsync(job) == "dead 3 not now", "the last attempt");
        Assert.Equal(1L, await EndsAsync(job));

        app.Clock.Advance(MaxWait);
        var next = NewId();
        await EnqueueAsync(next);
        await GoneAsync(next);
        Assert.Equal([1, 2, 3], script.Runs(job));
    }

    [Fact]
    public async Task What_a_job_concludes_commits_with_its_end_or_not_at_all()
    {
        var job = NewId();
        var fails = true;
        script.Answers[job] = (_, _) =>
            Task.FromResult(
                JobResult.Done(async tx =>
                {
                    await EndAsync(tx, job, "done");
                    if (fails)
                        throw new InvalidOperationException();
                })
            );
        await EnqueueAsync(job);
        await TestApp.EventuallyAsync(
            () =>
                Task.FromResult(
                    app.Logs.Lines.Any(l =>
                        l.Contains("could not be stored", StringComparison.Ordinal) && l.Contains(job.ToString(), StringComparison.Ordinal)
                    )
                ),
            "the failed end"
        );
        Assert.Equal(0L, await EndsAsync(job));

        fails = false;
        await app.ExecuteAsync("update runtime.jobs set leased_until = now() - interval '1 s' where id = $1", job);
        await GoneAsync(job);
        Assert.Equal(1L, await EndsAsync(job));
    }

    [Fact]
    public async Task A_job_is_taken_over_once_its_node_is_gone_and_not_before()
    {
        var (job, next) = (NewId(), NewId());
        await SeenAsync(Stranger, hoursFromNow: 1);
        await app.ExecuteAsync(
            $"""
            insert into runtime.jobs (id, kind, payload, run_at, attempts, leased_by, leased_until, created_at)
            values ($1, 'test.job', $1::text, $2, 1, '{Stranger}', now() + interval '1 hour', now())
            """,
            job,
            app.Clock.GetUtcNow().UtcDateTime
        );
        await EnqueueAsync(next);
        await GoneAsync(next);
        Assert.Empty(script.Runs(job));

        await SeenAsync(Stranger, hoursFromNow: -1);
        await GoneAsync(job);
        Assert.Equal([2], script.Runs(job));
    }

    [Fact]
    public async Task A_node_that_the_others_take_for_gone_gets_no_jobs()
    {
        await EnqueueAsync(NewId(), kind: "other.kind");

        Assert.Empty(await LeaseAsync());
        await SeenAsync(Stranger, hoursFromNow: 1);
        Assert.Single(await LeaseAsync());

        Task<IReadOnlyList<LeasedJob>> LeaseAsync() =>
            app
                .Services.GetRequiredService<Database>()
                .QueryAsync(
                    db =>
                        JobQueue.LeaseAsync(
                            db,
                            Guid.Parse(Stranger),
                            app.Clock.GetUtcNow(),
                            TimeSpan.FromMinutes(5),
                            goneSeconds: 3,
                            ["other.kind"],
                            most: 10
                        ),
                    CancellationToken.None
                );
    }

    [Fact]
    public async Task A_node_that_lost_a_job_concludes_nothing()
    {
        var job = NewId();
        var go = new TaskCompletionSource();
        script.Answers[job] = async (_, _) =>
        {
            await go.Task;
            return JobResult.Done(tx => EndAsync(tx, job, "too late"));
        };
        await EnqueueAsync(job);
        await TestApp.EventuallyAsync(() => Task.FromResult(script.Runs(job).Count == 1), "the job runs");
        await SeenAsync(Stranger, hoursFromNow: 1);
        await app.ExecuteAsync(
            $"update runtime.jobs set leased_by = '{Stranger}', leased_until = now() + interval '1 hour' where id = $1",
            job
        );
        go.SetResult();

        var next = NewId();
        await EnqueueAsync(next);
        await GoneAsync(next);
        Assert.Equal(0L, await EndsAsync(job));
        Assert.Equal("ready 1 ", await StateAsync(job));
    }

    [Fact]
    public async Task A_node_that_stops_gives_its_running_jobs_back_untried()
    {
        var other = new Script();
        await using var rest = await TestApp.StartAsync();
        var node = await StartAsync(other, rest);
        var job = NewId();
        other.Answers[job] = async (_, stopping) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
            return JobResult.Done();
        };
        await EnqueueAsync(job, on: node);
        await TestApp.EventuallyAsync(() => Task.FromResult(other.Runs(job).Count == 1), "the job runs");
        await node.DisposeAsync();

        Assert.True(
            await rest.ScalarAsync<bool>(
                "select attempts = 0 and leased_by is null and leased_until is null from runtime.jobs where id = $1",
                job
            )
        );
    }

    [Fact]
    public async Task Work_of_a_kind_this_node_does_not_know_is_left_for_another()
    {
        var (foreign, own) = (NewId(), NewId());
        await EnqueueAsync(foreign, kind: "other.kind");
        await EnqueueAsync(own);
        await GoneAsync(own);

        Assert.Equal("ready 0 ", await StateAsync(foreign));
    }

    [Fact]
    public async Task Recurring_work_runs_on_one_node_each_time()
    {
        var work = new Script();
        await using var a = await StartAsync(work);
        await using var b = await StartAsync(work, a);
        await TestApp.EventuallyAsync(() => Task.FromResult(work.Recurred >= 1), "the first run");
        for (var time = 2; time <= 4; time++)
        {
            a.Clock.Advance(TimeSpan.FromHours(1));
            await TestApp.EventuallyAsync(() => Task.FromResult(work.Recurred >= time), "the next run");
            var marker = NewId();
            await EnqueueAsync(marker, on: b);
            await TestApp.EventuallyAsync(() => Task.FromResult(work.Runs(marker).Count == 1), "both nodes have gone on");
            Assert.Equal(time, work.Recurred);
        }
    }

    [Fact]
    public async Task A_long_job_delays_no_other()
    {
        var job = NewId();
        var go = new TaskCompletionSource();
        script.Answers[job] = async (_, _) =>
        {
            await go.Task;
            return JobResult.Done();
        };
        await EnqueueAsync(job);
        await TestApp.EventuallyAsync(() => Task.FromResult(script.Runs(job).Count == 1), "the job runs");
        var others = Enumerable.Range(0, 20).Select(_ => NewId()).ToList();
        foreach (var other in others)
            await EnqueueAsync(other);
        foreach (var other in others)
            await GoneAsync(other);

        go.SetResult();
        await GoneAsync(job);
    }

    [Fact]
    public async Task Jobs_of_one_order_key_run_one_after_the_other_across_retries_and_delay_no_other_key()
    {
        var (key, otherKey) = (NewId(), NewId());
        var (first, second, third, other) = (NewId(), NewId(), NewId(), NewId());
        var go = new TaskCompletionSource();
        script.Answers[first] = async (attempt, _) =>
        {
            if (attempt == 1)
                return JobResult.Retry("not now");
            await go.Task;
            return JobResult.Done();
        };
        script.Answers[second] = (_, _) => Task.FromResult(JobResult.Retry("never"));
        await EnqueueAsync(first, orderKey: key);
        await EnqueueAsync(second, orderKey: key);
        await EnqueueAsync(third, orderKey: key);
        await EnqueueAsync(other, orderKey: otherKey);
        await GoneAsync(other);
        await TestApp.EventuallyAsync(async () => await StateAsync(first) == "ready 1 not now", "the first attempt");
        await ElseIsDoneAsync();

        app.Clock.Advance(MaxWait);
        await TestApp.EventuallyAsync(() => Task.FromResult(script.Runs(first).Count == 2), "the second attempt is under way");
        await ElseIsDoneAsync();
        go.SetResult();
        await GoneAsync(first);

        // One that is given up holds nobody up either.
        for (var attempt = 1; attempt < 3; attempt++)
        {
            var kept = $"ready {attempt} never";
            await TestApp.EventuallyAsync(async () => await StateAsync(second) == kept, kept);
            Assert.Empty(script.Runs(third));
            app.Clock.Advance(MaxWait);
        }

        await TestApp.EventuallyAsync(async () => await StateAsync(second) == "dead 3 never", "the last attempt");
        await GoneAsync(third);

        // The worker has looked for due jobs again, and what must wait has not run.
        async Task ElseIsDoneAsync()
        {
            var marker = NewId();
            await EnqueueAsync(marker);
            await GoneAsync(marker);
            Assert.Empty(script.Runs(second));
            Assert.Empty(script.Runs(third));
        }
    }

    [Fact]
    public async Task Long_recurring_work_delays_no_other_and_does_not_run_beside_itself()
    {
        var work = new Script();
        await using var node = await TestApp.StartAsync(replace: services =>
            services
                .AddSingleton(work)
                .AddRecurring<EndlessWork>("test.endless", TimeSpan.FromHours(1))
                .AddRecurring<ScriptedWork>("test.recurring", TimeSpan.FromHours(1))
        );
        for (var time = 1; time <= 3; time++)
        {
            await TestApp.EventuallyAsync(() => Task.FromResult(work.Recurred >= time), "the next run");
            node.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(1, work.Begun);
    }

    private Guid NewId() => Guid.CreateVersion7(app.Clock.GetUtcNow());

    private static Task<TestApp> StartAsync(Script script, TestApp? beside = null) =>
        TestApp.StartAsync(
            beside?.Databases,
            beside?.Clock,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Messaging:MaxAttempts"] = "3" },
            services =>
                services.AddSingleton(script).AddJob<ScriptedJob>().AddRecurring<ScriptedWork>("test.recurring", TimeSpan.FromHours(1))
        );

    private async Task EnqueueAsync(
        Guid id,
        DateTimeOffset? runAt = null,
        string kind = "test.job",
        TestApp? on = null,
        Guid? orderKey = null
    ) =>
        await (on ?? app)
            .Services.GetRequiredService<Database>()
            .InTransactionAsync(
                "test",
                tx =>
                {
                    tx.Enqueue(kind, id, id.ToString(), runAt, orderKey);
                    return Task.FromResult(true);
                },
                CancellationToken.None
            );

    private Task GoneAsync(Guid job) =>
        TestApp.EventuallyAsync(
            async () => await app.ScalarAsync<long>("select count(*) from runtime.jobs where id = $1", job) == 0,
            "the job is done"
        );

    private Task<string> StateAsync(Guid job) =>
        app.ScalarAsync<string>(
            "select coalesce(max(state || ' ' || attempts || ' ' || coalesce(reason, '')), '') from runtime.jobs where id = $1",
            job
        );

    private Task SeenAsync(string node, int hoursFromNow) =>
        app.ExecuteAsync(
            """
            insert into runtime.nodes (id, seen_at) values (cast($1 as uuid), now() + make_interval(hours => $2))
            on conflict (id) do update set seen_at = excluded.seen_at
            """,
            node,
            hoursFromNow
        );

    private Task<long> EndsAsync(Guid job) => app.ScalarAsync<long>("select count(*) from public.ends where job = $1", job);

    private static Task<int> EndAsync(Transaction tx, Guid job, string text) =>
        tx.ExecuteAsync("insert into public.ends values (@job, @text)", new { job, text });

    internal sealed class Script
    {
        private readonly ConcurrentQueue<(Guid Job, int Attempt)> runs = new();
        private int recurred;
        private int begun;

        public ConcurrentDictionary<Guid, Func<int, CancellationToken, Task<JobResult>>> Answers { get; } = new();

        public int Recurred => recurred;

        public int Begun => begun;

        public void Begin() => Interlocked.Increment(ref begun);

        public void Recur() => Interlocked.Increment(ref recurred);

        public IReadOnlyList<int> Runs(Guid job) => [.. runs.Where(r => r.Job == job).Select(r => r.Attempt)];

        public Task<JobResult> RunAsync(Guid job, int attempt, CancellationToken cancellationToken)
        {
            runs.Enqueue((job, attempt));
            return Answers.TryGetValue(job, out var answer) ? answer(attempt, cancellationToken) : Task.FromResult(JobResult.Done());
        }
    }

    private sealed class ScriptedJob(Script script) : IJob
    {
        public static string Kind => "test.job";

        public Task<JobResult> RunAsync(string payload, int attempt, CancellationToken cancellationToken) =>
            script.RunAsync(Guid.Parse(payload), attempt, cancellationToken);
    }

    private sealed class ScriptedWork(Script script) : IRecurring
    {
        public Task RunAsync(CancellationToken cancellationToken)
        {
            script.Recur();
            return Task.CompletedTask;
        }
    }

    private sealed class EndlessWork(Script script) : IRecurring
    {
        public Task RunAsync(CancellationToken cancellationToken)
        {
            script.Begin();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>One application whose jobs do what the test says.</summary>
    public sealed class Scripted : IAsyncLifetime
    {
        internal Script Script { get; } = new();

        internal TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            App = await StartAsync(Script);
            await App.ExecuteAsync("create table public.ends (job uuid not null, text text not null)");
        }

        public async ValueTask DisposeAsync() => await App.DisposeAsync();
    }
}
