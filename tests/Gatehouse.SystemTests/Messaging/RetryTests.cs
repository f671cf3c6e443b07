using System.Text.Json;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Messaging;

[Collection<OneProbe>]
public sealed class RetryTests(ProbedApp probed) : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(7);

    private readonly Probe probe = probed.Probe;
    private readonly TestApp app = probed.App;

    // Nothing is tried again before the test says so, however slow the machine is.
    private readonly IDisposable held = probed.App.Clock.Hold();

    public void Dispose() => held.Dispose();

    [Fact]
    public async Task A_failed_delivery_waits_its_successors_keep_their_order_and_all_others_go_on()
    {
        var (bad, good) = (Probe.NewKey(app, lane: 5), Probe.NewKey(app, lane: 5));
        var works = false;
        probe.Answers[bad] = (subscriber, text) =>
            subscriber == Probe.First && text == "1" && !works ? Delivery.Retry("not yet") : Delivery.Done;

        await Probe.PublishAsync(app, bad, "1", "2", "3");
        await Probe.PublishAsync(app, good, "1", "2");
        await Probe.ExpectDeferredAsync(app, bad, "retrying 1, waiting 0, waiting 0");
        await Probe.ExpectAsync(app, good, "1 2");
        await Probe.ExpectAsync(app, bad, "1 2 3", Probe.Second);
        // What the subscriber had written before it asked for another attempt is gone.
        Assert.Equal("", await Probe.TakenAsync(app, bad));
        Assert.Equal(
            "not yet",
            await app.ScalarAsync<string>("select reason from runtime.parked where key = $1 and state = 'retrying'", bad)
        );

        works = true;
        app.Clock.Advance(MaxWait);
        await Probe.ExpectAsync(app, bad, "1 2 3");
        await Probe.ExpectDeferredAsync(app, bad, "");
        await Probe.PublishAsync(app, bad, "4");
        await Probe.ExpectAsync(app, bad, "1 2 3 4");
    }

    [Fact]
    public async Task A_delivery_that_fails_among_many_undoes_none_of_them_and_is_not_asked_twice_at_once()
    {
        var keys = Enumerable.Range(0, 5).Select(_ => Probe.NewKey(app, lane: 8)).ToList();
        var (bad, asked) = (keys[2], 0);
        probe.Answers[bad] = (subscriber, text) =>
            subscriber == Probe.First && text == "1" && Interlocked.Increment(ref asked) == 1 ? Delivery.Retry("not yet") : Delivery.Done;

        await PublishTogetherAsync([.. keys.Select(key => (key, "1")), .. keys.Select(key => (key, "2"))]);
        await Probe.ExpectDeferredAsync(app, bad, "retrying 1, waiting 0");
        foreach (var key in keys.Where(k => k != bad))
            await Probe.ExpectAsync(app, key, "1 2");
        await Probe.ExpectAsync(app, bad, "1 2", Probe.Second);
        Assert.Equal(1, asked);

        app.Clock.Advance(MaxWait);
        await Probe.ExpectAsync(app, bad, "1 2");
    }

    [Fact]
    public async Task When_an_earlier_event_of_its_key_fails_meanwhile_what_failed_first_waits_behind_it()
    {
        var key = Probe.NewKey(app);
        var (first, second) = (0, 0);
        // Together, the second fails; one by one, the first does.
        probe.Answers[key] = (subscriber, text) =>
            (subscriber, text) switch
            {
                (Probe.First, "1") when Interlocked.Increment(ref first) == 2 => Delivery.Retry("later"),
                (Probe.First, "2") when Interlocked.Increment(ref second) == 1 => Delivery.Retry("at once"),
                _ => Delivery.Done,
            };

        await PublishTogetherAsync([(key, "1"), (key, "2"), (key, "3")]);
        await Probe.ExpectDeferredAsync(app, key, "retrying 1, waiting 0, waiting 0");
        app.Clock.Advance(MaxWait);
        await Probe.ExpectAsync(app, key, "1 2 3");
    }

    [Fact]
    public async Task Several_deferred_deliveries_are_tried_at_once()
    {
        var keys = Enumerable.Range(0, 3).Select(_ => Probe.NewKey(app)).ToList();
        using var together = new Barrier(keys.Count);
        foreach (var key in keys)
        {
            var attempts = 0;
            probe.Answers[key] = (subscriber, _) =>
                subscriber == Probe.First && (Interlocked.Increment(ref attempts) == 1 || !together.SignalAndWait(TimeSpan.FromSeconds(10)))
                    ? Delivery.Retry("alone")
                    : Delivery.Done;
            await Probe.PublishAsync(app, key, "1");
        }

        foreach (var key in keys)
            await Probe.ExpectDeferredAsync(app, key, "retrying 1");
        app.Clock.Advance(TimeSpan.FromSeconds(1.3));
        // Those that missed each other try again by themselves.
        held.Dispose();
        foreach (var key in keys)
            await Probe.ExpectAsync(app, key, "1");
    }

    [Fact]
    public async Task It_is_not_tried_again_before_its_time()
    {
        var key = Probe.NewKey(app);
        var attempts = 0;
        probe.Answers[key] = (subscriber, _) =>
            subscriber == Probe.First && Interlocked.Increment(ref attempts) > 0 ? Delivery.Retry("never") : Delivery.Done;
        await Probe.PublishAsync(app, key, "1");
        await Probe.ExpectDeferredAsync(app, key, "retrying 1");
        app.Clock.Advance(TimeSpan.FromSeconds(1.3));
        await Probe.ExpectDeferredAsync(app, key, "retrying 2");

        // The second wait is 2 s, a fifth more or less.
        var wait =
            await app.ScalarAsync<DateTime>("select next_attempt_at from runtime.parked where key = $1", key)
            - app.Clock.GetUtcNow().UtcDateTime;
        Assert.InRange(wait, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2.5));
        Assert.Equal(2, attempts);
    }

    [Theory]
    [InlineData("invalid")]
    [InlineData("time-out")]
    [InlineData("socket")]
    public async Task An_exception_of_any_kind_counts_as_retry_and_holds_up_no_other_key(string kind)
    {
        var (bad, good) = (Probe.NewKey(app, lane: 6), Probe.NewKey(app, lane: 6));
        var works = false;
        probe.Answers[bad] = (_, _) =>
            works
                ? Delivery.Done
                : kind switch
                {
                    "invalid" => throw new InvalidOperationException(),
                    "time-out" => throw new TaskCanceledException(),
                    _ => throw new HttpRequestException("away", new System.Net.Sockets.SocketException()),
                };
        await Probe.PublishAsync(app, bad, "1");
        await Probe.PublishAsync(app, good, "1");

        await Probe.ExpectAsync(app, good, "1");
        await Probe.ExpectDeferredAsync(app, bad, "retrying 1");
        app.Clock.Advance(TimeSpan.FromSeconds(1.3));
        await Probe.ExpectDeferredAsync(app, bad, "retrying 2");
        works = true;
        app.Clock.Advance(MaxWait);
        await Probe.ExpectAsync(app, bad, "1");
    }

    [Fact]
    public async Task What_is_dropped_is_noted_with_its_reason_and_does_not_come_again()
    {
        var key = Probe.NewKey(app);
        probe.Answers[key] = (subscriber, text) => subscriber == Probe.First && text == "1" ? Delivery.Drop("of no use") : Delivery.Done;
        await Probe.PublishAsync(app, key, "1", "2");

        await Probe.ExpectAsync(app, key, "1 2");
        Assert.Equal(
            "dropped: of no use",
            await app.ScalarAsync<string>(
                """
                select i.outcome from runtime.inbox i join runtime.events e on e.id = i.event_id where e.key = $1 and subscriber = $2
                 order by e.xid limit 1
                """,
                key,
                Probe.First
            )
        );
        Assert.Equal("", await Probe.DeferredAsync(app, key));
    }

    [Fact]
    public async Task After_the_last_attempt_it_is_a_dead_letter_and_its_successors_pass_where_so_declared()
    {
        var key = Probe.NewKey(app);
        probe.Answers[key] = (subscriber, text) => subscriber == Probe.First && text == "1" ? Delivery.Retry("never") : Delivery.Done;
        await Probe.PublishAsync(app, key, "1", "2", "3");
        await Probe.ExpectDeferredAsync(app, key, "retrying 1, waiting 0, waiting 0");
        await GiveUpAsync(app, key, "dead 3");

        await Probe.ExpectAsync(app, key, "2 3");
        await Probe.PublishAsync(app, key, "4");
        await Probe.ExpectAsync(app, key, "2 3 4");
    }

    [Fact]
    public async Task Where_so_declared_successors_wait_for_the_dead_letter_and_operators_see_both()
    {
        var other = new Probe();
        await using var strict = await other.StartAsync(
            settings: new() { ["Messaging:MaxAttempts"] = "3" },
            deadLetters: DeadLetters.SuccessorsWait
        );
        using var standing = strict.Clock.Hold();
        var (key, good) = (Probe.NewKey(strict), Probe.NewKey(strict));
        other.Answers[key] = (subscriber, text) => subscriber == Probe.First && text == "1" ? Delivery.Retry("never") : Delivery.Done;
        await Probe.PublishAsync(strict, key, "1", "2");
        await Probe.ExpectDeferredAsync(strict, key, "retrying 1, waiting 0");
        await GiveUpAsync(strict, key, "dead 3, waiting 0");
        await Probe.PublishAsync(strict, key, "3");
        await Probe.ExpectDeferredAsync(strict, key, "dead 3, waiting 0, waiting 0");
        await Probe.PublishAsync(strict, good, "1");
        await Probe.ExpectAsync(strict, good, "1");
        Assert.Equal("", await Probe.TakenAsync(strict, key));

        using var health = JsonDocument.Parse(await strict.Management.GetStringAsync(new Uri("/health", UriKind.Relative)));
        var facts = health
            .RootElement.GetProperty("dependencies")
            .EnumerateArray()
            .Single(d => d.GetProperty("name").GetString() == "delivery")
            .GetProperty("facts");
        Assert.Equal(1, facts.GetProperty("deadDeliveries").GetDouble());
        Assert.Equal(2, facts.GetProperty("deferredDeliveries").GetDouble());
    }

    private Task<bool> PublishTogetherAsync(List<(Guid Key, string Text)> events) =>
        app
            .Services.GetRequiredService<Database>()
            .InTransactionAsync(
                "test",
                tx => Probe.Done(() => events.ForEach(e => Probe.Publish(tx, e.Key, e.Text))),
                CancellationToken.None
            );

    private static async Task GiveUpAsync(TestApp app, Guid key, string states)
    {
        var first = states.Split(',')[0];
        await TestApp.EventuallyAsync(
            async () =>
            {
                app.Clock.Advance(MaxWait);
                return (await Probe.DeferredAsync(app, key)).StartsWith(first, StringComparison.Ordinal);
            },
            "the last attempt"
        );
    }
}
