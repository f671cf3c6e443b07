using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Operations;

/// <summary>Long-running work: how it goes, ends and is canceled.</summary>
[Collection<Scripted>]
public sealed class OperationTests(ScriptedOperations all)
{
    private readonly TestApp app = all.App;

    [Fact]
    public async Task An_operation_reports_what_it_does_and_ends_with_its_result()
    {
        var user = await app.Users.SomebodyAsync();
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = await all.StartAsync(
            user,
            async (run, cancellationToken) =>
            {
                await run.ReportAsync(3, 10, cancellationToken);
                await goOn.Task.WaitAsync(cancellationToken);
                return OperationResult.Succeeded("""{"rows":10}""");
            }
        );

        await TestApp.EventuallyAsync(
            async () => (await all.ReadAsync(user, id)).Body.GetProperty("done").GetInt64() == 3,
            "the first report"
        );
        var running = (await all.ReadAsync(user, id)).Body;
        Assert.Equal(("running", 10L), (running.GetProperty("state").GetString(), running.GetProperty("total").GetInt64()));
        Assert.Equal(JsonValueKind.Null, running.GetProperty("result").ValueKind);
        goOn.SetResult();
        await all.UntilAsync(user, id, "succeeded");
        var done = (await all.ReadAsync(user, id)).Body;
        Assert.Equal(10, done.GetProperty("result").GetProperty("rows").GetInt32());
        Assert.Equal(10L, done.GetProperty("done").GetInt64());
        Assert.Equal(JsonValueKind.Null, done.GetProperty("error").ValueKind);
        Assert.Equal(0L, await JobsAsync(id));
    }

    [Fact]
    public async Task A_rejection_ends_the_operation_at_once_with_its_problem_in_the_language_of_who_reads()
    {
        var user = await app.Users.SomebodyAsync();
        var runs = 0;
        var errors = new ValidationErrors();
        errors.Add("email", "request.required");
        var id = await all.StartAsync(
            user,
            (_, _) =>
            {
                runs++;
                return Task.FromResult(
                    OperationResult.Rejected(
                        new Error("request.invalid", ErrorKind.Invalid).With(errors.ToList()).WithFact("attemptsRemaining", 2)
                    )
                );
            }
        );

        await all.UntilAsync(user, id, "failed");
        var error = (
            await app.Users.SendAsync(HttpMethod.Get, $"/v1/operations/{id}", user.Tokens.Header, ("Accept-Language", "es"))
        ).Body.GetProperty("error");
        Assert.Equal("request.invalid", error.GetProperty("code").GetString());
        Assert.Equal(400, error.GetProperty("status").GetInt32());
        Assert.Equal(2, error.GetProperty("attemptsRemaining").GetInt32());
        Assert.Equal("email", error.GetProperty("errors")[0].GetProperty("field").GetString());
        Assert.NotEqual("Some values are invalid.", error.GetProperty("detail").GetString());
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task An_outage_is_tried_again_and_what_was_done_before_is_known()
    {
        var user = await app.Users.SomebodyAsync();
        var seen = new ConcurrentQueue<(int Attempt, long Done)>();
        using var held = app.Clock.Hold();
        var id = await all.StartAsync(
            user,
            async (run, cancellationToken) =>
            {
                seen.Enqueue((run.Attempt, run.Operation.Done));
                if (run.Attempt == 2)
                    return OperationResult.Succeeded();
                await run.ReportAsync(4, 9, cancellationToken);
                return OperationResult.Retry("away");
            }
        );

        await TestApp.EventuallyAsync(async () => await ReasonAsync(id) == "away", "the first attempt");
        Assert.Equal("running", (await all.ReadAsync(user, id)).Body.GetProperty("state").GetString());
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await TestApp.EventuallyAsync(async () => await StateAsync(id) == "succeeded", "the second attempt");
        Assert.Equal([(1, 0), (2, 4)], seen);
    }

    [Fact]
    public async Task An_operation_whose_attempts_all_fail_says_so_and_goes_on_when_its_job_is_retried()
    {
        var user = await app.PlatformAdministratorAsync();
        var works = false;
        using var held = app.Clock.Hold();
        var id = await all.StartAsync(
            user,
            (_, _) => works ? Task.FromResult(OperationResult.Succeeded()) : throw new InvalidOperationException()
        );
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var number = attempt;
            await TestApp.EventuallyAsync(
                async () =>
                    await app.ScalarAsync<bool>(
                        "select exists (select 1 from runtime.jobs where id = $1 and attempts = $2 and leased_by is null)",
                        id,
                        number
                    ),
                $"attempt {attempt}"
            );
            app.Clock.Advance(TimeSpan.FromMinutes(7));
        }

        user = await AgainAsync(user);
        var failed = (await all.ReadAsync(user, id)).Body;
        Assert.Equal("failed", failed.GetProperty("state").GetString());
        Assert.Equal("operations.given-up", failed.GetProperty("error").GetProperty("code").GetString());

        works = true;
        var retried = await app.Users.SendAsync(HttpMethod.Post, $"/v1/jobs/{id}/retry", user.Tokens);
        Assert.Equal(HttpStatusCode.NoContent, retried.Status);
        await all.UntilAsync(user, id, "succeeded");
        Assert.Equal(JsonValueKind.Null, (await all.ReadAsync(user, id)).Body.GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task A_run_whose_node_is_gone_is_taken_over_where_it_stood_and_cannot_end_it_twice()
    {
        var user = await app.Users.SomebodyAsync();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = await all.StartAsync(
            user,
            async (run, cancellationToken) =>
            {
                if (run.Attempt > 1)
                    return OperationResult.Succeeded($$"""{"from":{{run.Operation.Done}}}""");
                await run.ReportAsync(5, 9, cancellationToken);
                first.TrySetResult();
                await lost.Task.WaitAsync(cancellationToken);
                return OperationResult.Rejected(new Error("request.forbidden", ErrorKind.Forbidden));
            }
        );
        await first.Task.WaitAsync(TestApp.Patience, TimeProvider.System);

        await app.ExecuteAsync("update runtime.jobs set leased_by = gen_random_uuid() where id = $1", id);
        await all.UntilAsync(user, id, "succeeded");
        lost.SetResult();
        await app.QuietAsync();
        var done = (await all.ReadAsync(user, id)).Body;
        Assert.Equal("succeeded", done.GetProperty("state").GetString());
        Assert.Equal(5, done.GetProperty("result").GetProperty("from").GetInt32());
    }

    [Fact]
    public async Task A_queued_operation_is_canceled_once_however_many_ask_at_once()
    {
        var user = await app.Users.SomebodyAsync();
        var ran = false;
        await using var held = await HeldAsync();
        var id = await all.StartAsync(
            user,
            (_, _) =>
            {
                ran = true;
                return Task.FromResult(OperationResult.Succeeded());
            }
        );
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CancelAsync(user, id)));
        Assert.Equal(1, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.OK),
            answer => Assert.Equal("operations.finished", answer.Body.GetProperty("code").GetString())
        );
        await held.DisposeAsync();
        await app.QuietAsync();
        Assert.False(ran);
        Assert.Equal("canceled", await StateAsync(id));
        Assert.Equal(0L, await JobsAsync(id));
    }

    [Fact]
    public async Task A_running_operation_is_canceled_at_its_next_step_and_after_its_end_no_more()
    {
        var user = await app.Users.SomebodyAsync();
        var id = await all.StartEndlessAsync(user);
        await all.UntilAsync(user, id, "running");

        var asked = await CancelAsync(user, id);
        Assert.Equal((HttpStatusCode.OK, true), (asked.Status, asked.Body.GetProperty("cancelRequested").GetBoolean()));
        await all.UntilAsync(user, id, "canceled");
        Assert.Equal(HttpStatusCode.Conflict, (await CancelAsync(user, id)).Status);
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where action = 'operation.canceled' and actor = $1",
                user.UserId
            )
        );
    }

    [Fact]
    public async Task An_operation_that_waits_for_another_attempt_is_canceled_without_waiting_for_it()
    {
        var user = await app.Users.SomebodyAsync();
        var id = await all.StartAsync(user, (_, _) => Task.FromResult(OperationResult.Retry("away", TimeSpan.FromHours(5))));
        await TestApp.EventuallyAsync(async () => await ReasonAsync(id) == "away", "the first attempt");

        Assert.Equal(HttpStatusCode.OK, (await CancelAsync(user, id)).Status);
        await all.UntilAsync(user, id, "canceled");
    }

    [Fact]
    public async Task What_an_operation_changes_stands_only_if_it_is_not_over()
    {
        var user = await app.Users.SomebodyAsync();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var database = app.Services.GetRequiredService<Gatehouse.Core.Postgres.Database>();
        await app.ExecuteAsync("create table if not exists public.changes (id uuid primary key)");
        var id = await all.StartAsync(
            user,
            async (run, cancellationToken) =>
            {
                began.TrySetResult();
                await goOn.Task.WaitAsync(cancellationToken);
                await database.InTransactionAsync(
                    "test.change",
                    async tx =>
                    {
                        await tx.ExecuteAsync("insert into public.changes (id) values (@Id)", new { run.Operation.Id });
                        await run.SucceedAsync(tx);
                        return true;
                    },
                    cancellationToken
                );
                return OperationResult.Succeeded();
            }
        );
        await began.Task.WaitAsync(TestApp.Patience, TimeProvider.System);
        await app.ExecuteAsync(
            "update runtime.operations set state = 'canceled', finished_at = now(), version = version + 1 where id = $1",
            id
        );
        goOn.SetResult();
        await app.QuietAsync();
        await TestApp.EventuallyAsync(async () => await JobsAsync(id) == 0, "the job is done");
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from public.changes where id = $1", id));
        Assert.Equal("canceled", await StateAsync(id));
    }

    [Fact]
    public async Task Operations_of_others_and_ids_of_none_do_not_exist()
    {
        var (owner, other) = (await app.Users.SomebodyAsync(), await app.PlatformAdministratorAsync());
        var id = await all.StartEndlessAsync(owner);
        await all.UntilAsync(owner, id, "running");

        foreach (var (user, operation) in new[] { (other, id), (owner, Guid.CreateVersion7(app.Clock.GetUtcNow())) })
        {
            foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Post, "/cancel"), (HttpMethod.Get, "/events") })
            {
                var answer = await app.Users.SendAsync(method, $"/v1/operations/{operation}{path}", user.Tokens);
                Assert.Equal(
                    (HttpStatusCode.NotFound, "operations.not-found"),
                    (answer.Status, answer.Body.GetProperty("code").GetString())
                );
            }
        }

        Assert.Equal(HttpStatusCode.NotFound, (await app.Users.SendAsync(HttpMethod.Get, "/v1/operations/x", owner.Tokens)).Status);
        Assert.Equal("running", await StateAsync(id));
        await CancelAsync(owner, id);
    }

    [Fact]
    public async Task Operations_are_kept_for_a_day_after_their_end_and_not_for_ever()
    {
        var user = await app.Users.SomebodyAsync();
        var id = await all.StartAsync(user, (_, _) => Task.FromResult(OperationResult.Succeeded()));
        await all.UntilAsync(user, id, "succeeded");

        app.Clock.Advance(TimeSpan.FromHours(30));
        await app.RunRecurringAsync<Housekeeping>();
        Assert.Equal("succeeded", await StateAsync(id));
        app.Clock.Advance(TimeSpan.FromHours(20));
        await app.RunRecurringAsync<Housekeeping>();
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from runtime.operations where id = $1", id));
    }

    private Task<Answer> CancelAsync(SignedIn user, Guid id) =>
        app.Users.SendAsync(HttpMethod.Post, $"/v1/operations/{id}/cancel", user.Tokens);

    // Nobody gets a job while it holds.
    private async Task<Npgsql.NpgsqlConnection> HeldAsync()
    {
        var connection = new Npgsql.NpgsqlConnection(app.Databases.Main + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand("begin; lock table runtime.nodes in access exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    // The clock was moved past the token's end.
    private async Task<SignedIn> AgainAsync(SignedIn user) => user with { Tokens = (await app.Users.SignInAsync(user.Email)).Tokens() };

    private Task<string> StateAsync(Guid id) => app.ScalarAsync<string>("select state from runtime.operations where id = $1", id);

    private Task<string> ReasonAsync(Guid id) =>
        app.ScalarAsync<string>("select coalesce(max(reason), '') from runtime.jobs where id = $1", id);

    private Task<long> JobsAsync(Guid id) => app.ScalarAsync<long>("select count(*) from runtime.jobs where id = $1", id);
}
