using System.Collections.Concurrent;
using Gatehouse.Client;
using Gatehouse.Contracts.Events;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Messaging.Kafka;
using Gatehouse.SystemTests.Rpc;
using Npgsql;

namespace Gatehouse.SystemTests.Client;

/// <summary>Events as a relying service handles them.</summary>
[Collection(RpcGroup.Name)]
public sealed class EventConsumerTests(RpcApp rpc) : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Type, Guid User)> handled = new();
    private NpgsqlDataSource database = null!;

    public async ValueTask InitializeAsync()
    {
        database = NpgsqlDataSource.Create((await (await TestDatabases.GetAsync()).CreateEmptyAsync()).Main);
        await new Copies(database).CreateAsync();
    }

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_handler_that_fails_is_undone_and_tried_again_while_others_go_on()
    {
        var failures = 0;
        Guid? unlucky = null;
        await using var client = await StartAsync(events =>
            events.On<UserRegisteredV1>(
                async (received, cancellationToken) =>
                {
                    await Copies.CopyAsync(received, cancellationToken);
                    if (received.Data.UserId == (unlucky ??= received.Data.UserId) && Interlocked.Increment(ref failures) <= 2)
                        throw new InvalidOperationException("Not yet: \0 \ud83d");
                }
            )
        );
        var (first, second) = (await rpc.App.Users.SomebodyAsync(), await rpc.App.Users.SomebodyAsync());
        await CopiedAsync(second.UserId);
        await CopiedAsync(first.UserId);
        Assert.True(failures >= 3, $"{failures}");
        await AssertOnceAsync();
    }

    [Fact]
    public async Task A_handler_that_swallows_an_error_of_the_database_has_failed()
    {
        var attempts = 0;
        await using var client = await StartAsync(events =>
            events.On<UserRegisteredV1>(
                async (received, cancellationToken) =>
                {
                    await Copies.CopyAsync(received, cancellationToken);
                    if (Interlocked.Increment(ref attempts) > 1)
                        return;
                    await using var wrong = new NpgsqlCommand("nonsense", received.Transaction.Connection, received.Transaction);
                    await Assert.ThrowsAsync<PostgresException>(() => wrong.ExecuteNonQueryAsync(cancellationToken));
                }
            )
        );
        await CopiedAsync((await rpc.App.Users.SomebodyAsync()).UserId);
        await AssertOnceAsync();
    }

    [Theory]
    [InlineData("terminates its connection")]
    [InlineData("breaks a rule that is checked at the commit")]
    [InlineData("closes its connection")]
    public async Task A_handler_that_harms_its_transaction_holds_nothing_up(string harm)
    {
        await using var rule = database.CreateCommand("alter table copies add unique (user_id) deferrable initially deferred");
        await rule.ExecuteNonQueryAsync();
        var failures = 0;
        Guid? unlucky = null;
        await using var client = await StartAsync(events =>
            events.On<UserRegisteredV1>(
                async (received, cancellationToken) =>
                {
                    await Copies.CopyAsync(received, cancellationToken);
                    if (received.Data.UserId != (unlucky ??= received.Data.UserId) || Interlocked.Increment(ref failures) > 2)
                        return;
                    var connection = received.Transaction.Connection!;
                    if (harm.StartsWith("closes", StringComparison.Ordinal))
                    {
                        await connection.CloseAsync();
                        return;
                    }

                    await using var command = harm.StartsWith("terminates", StringComparison.Ordinal)
                        ? new NpgsqlCommand("select pg_terminate_backend(pg_backend_pid())", connection)
                        : new NpgsqlCommand("insert into copies select user_id from copies", connection);
                    await command.ExecuteNonQueryAsync(cancellationToken);
                }
            )
        );
        var (first, second) = (await rpc.App.Users.SomebodyAsync(), await rpc.App.Users.SomebodyAsync());
        await CopiedAsync(second.UserId);
        await CopiedAsync(first.UserId);
        Assert.True(failures >= 3, $"{failures}");
        await AssertOnceAsync();
        Assert.Equal(0, await CountAsync("gatehouse_events.deferred"));
    }

    [Fact]
    public async Task What_was_handled_is_kept_for_as_long_as_was_set()
    {
        await using var client = await StartAsync(events =>
        {
            events.HandledDays = 60;
            events.On<UserRegisteredV1>(Copies.CopyAsync);
        });
        await CopiedAsync((await rpc.App.Users.SomebodyAsync()).UserId);
        await using var age = database.CreateCommand("update gatehouse_events.handled set handled_at = now() - interval '50 days'");
        Assert.NotEqual(0, await age.ExecuteNonQueryAsync());
        var store = client.Services.GetRequiredService<IEventStore>();
        await store.CleanAsync(CancellationToken.None);
        Assert.NotEqual(0, await CountAsync("gatehouse_events.handled where handled_at < now() - interval '45 days'"));
        client.Services.GetRequiredService<GatehouseEventsBuilder>().HandledDays = 40;
        await store.CleanAsync(CancellationToken.None);
        Assert.Equal(0, await CountAsync("gatehouse_events.handled where handled_at < now() - interval '45 days'"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Later_events_of_the_subject_wait_for_a_failed_one_if_asked(bool keepOrder)
    {
        var mayRegister = false;
        await using var client = await StartAsync(events =>
        {
            events.KeepOrderOfSubject = keepOrder;
            events.On<UserRegisteredV1>(
                (received, _) =>
                {
                    if (!Volatile.Read(ref mayRegister))
                        throw new InvalidOperationException("Not yet.");
                    handled.Enqueue((UserRegisteredV1.Type, received.Data.UserId));
                    return Task.CompletedTask;
                }
            );
            events.On<UserVerifiedV1>(
                (received, _) =>
                {
                    handled.Enqueue((UserVerifiedV1.Type, received.Data.UserId));
                    return Task.CompletedTask;
                }
            );
        });
        var user = (await rpc.App.Users.SomebodyAsync()).UserId;
        if (keepOrder)
            await TestApp.EventuallyAsync(async () => await CountAsync("gatehouse_events.deferred") >= 2, "both are kept");
        else
            await TestApp.EventuallyAsync(() => Task.FromResult(Own(user).Count > 0), "the later one goes on");
        Volatile.Write(ref mayRegister, true);
        await TestApp.EventuallyAsync(() => Task.FromResult(Own(user).Count == 2), "both are handled");
        string[] inOrder = [UserRegisteredV1.Type, UserVerifiedV1.Type];
        Assert.Equal(keepOrder ? inOrder : inOrder.Reverse(), Own(user));
    }

    [Fact]
    public async Task Two_instances_handle_each_event_once_between_them()
    {
        await using var one = await StartAsync(events => events.On<UserRegisteredV1>(Copies.CopyAsync));
        await using var two = await StartAsync(events => events.On<UserRegisteredV1>(Copies.CopyAsync));
        for (var count = 0; count < 5; count++)
            await CopiedAsync((await rpc.App.Users.SomebodyAsync()).UserId);
        await AssertOnceAsync();
    }

    [Fact]
    public async Task A_service_that_was_stopped_goes_on_where_it_ended()
    {
        await using (await StartAsync(events => events.On<UserRegisteredV1>(Copies.CopyAsync)))
            await CopiedAsync((await rpc.App.Users.SomebodyAsync()).UserId);
        var meanwhile = (await rpc.App.Users.SomebodyAsync()).UserId;
        await using var again = await StartAsync(events => events.On<UserRegisteredV1>(Copies.CopyAsync));
        await CopiedAsync(meanwhile);
        await AssertOnceAsync();
    }

    [Fact]
    public async Task A_service_that_was_stopped_for_too_long_is_told_so_and_goes_on()
    {
        var replay = rpc.App.Services.GetRequiredService<EventReplay>();
        var old = replay.Oldest with { ReadAt = rpc.App.Clock.GetUtcNow() - TimeSpan.FromDays(31) };
        var told = 0;
        await using (await StartAsync(events => events.On<UserRegisteredV1>(Copies.CopyAsync)))
            await CopiedAsync((await rpc.App.Users.SomebodyAsync()).UserId);
        await using var set = database.CreateCommand("update gatehouse_events.cursors set cursor = $1");
        set.Parameters.Add(new NpgsqlParameter { Value = Gatehouse.Web.Events.EventCursor.Text(old) });
        await set.ExecuteNonQueryAsync();

        var user = (await rpc.App.Users.SomebodyAsync()).UserId;
        await using (var still = await StartAsync(events => events.On<UserRegisteredV1>(Copies.CopyAsync)))
        {
            // Without anybody who brings it up to date it stands still rather than losing anything unseen.
            await TestApp.EventuallyAsync(
                () => Task.FromResult(still.Logs.Lines.Any(line => line.Contains("events.cursor-expired", StringComparison.Ordinal))),
                "it says so"
            );
            Assert.DoesNotContain(user, await CopiesAsync());
        }

        Guid? during = null;
        await using var client = await StartAsync(events =>
        {
            events.On<UserRegisteredV1>(Copies.CopyAsync);
            events.OnCursorExpired(
                async (_, _) =>
                {
                    Interlocked.Increment(ref told);
                    during = (await rpc.App.Users.SomebodyAsync()).UserId;
                }
            );
        });
        await TestApp.EventuallyAsync(() => Task.FromResult(during is not null), "it brings itself up to date");
        // What happens meanwhile comes as an event, and what was before is what it brought itself up to date with.
        await CopiedAsync(during!.Value);
        Assert.Equal(1, told);
        Assert.DoesNotContain(user, await CopiesAsync());
        await AssertOnceAsync();
    }

    [Fact]
    public async Task Events_come_over_Kafka_too_and_without_a_database()
    {
        await using var kafka = new KafkaApp();
        await kafka.InitializeAsync();
        await using var client = await LocalClient.StartAsync(
            rpc,
            add: builder =>
                builder.AddEvents(events =>
                {
                    events.Consumer = "shop";
                    events.UseKafka(kafka.Broker.Servers, settings => settings.GroupProtocol = Confluent.Kafka.GroupProtocol.Consumer);
                    events.StoreInMemory();
                    events.On<UserRegisteredV1>(
                        (received, _) =>
                        {
                            handled.Enqueue((received.Envelope.Type, received.Data.UserId));
                            return Task.CompletedTask;
                        }
                    );
                })
        );
        await kafka.ProduceAsync(Topics.Users, "x", [1], ("ce_type", UserRegisteredV1.Type));
        var user = (await kafka.App.Users.SomebodyAsync()).UserId;
        await TestApp.EventuallyAsync(() => Task.FromResult(Own(user).Count == 1), "it is handled");
    }

    private async Task<LocalClient> StartAsync(Action<GatehouseEventsBuilder> configure)
    {
        var client = await LocalClient.StartAsync(
            rpc,
            add: builder =>
                builder.AddEvents(events =>
                {
                    events.PollInterval = TimeSpan.FromMilliseconds(100);
                    events.StartAtNewest = true;
                    events.StoreInPostgres(database);
                    configure(events);
                })
        );
        await TestApp.EventuallyAsync(async () => await CountAsync("pg_tables where tablename = 'cursors'") == 1, "the tables are there");
        await TestApp.EventuallyAsync(async () => await CountAsync("gatehouse_events.cursors") == 1, "it knows where it begins");
        return client;
    }

    private Task CopiedAsync(Guid user) =>
        TestApp.EventuallyAsync(async () => (await CopiesAsync()).Contains(user), "the event is handled");

    private async Task AssertOnceAsync()
    {
        var copies = await CopiesAsync();
        Assert.Equal(copies.Distinct().Count(), copies.Count);
    }

    private List<string> Own(Guid user) => [.. handled.Where(h => h.User == user).Select(h => h.Type)];

    private Task<List<Guid>> CopiesAsync() => new Copies(database).ReadAsync();

    private async Task<long> CountAsync(string table)
    {
        await using var count = database.CreateCommand($"select count(*) from {table}");
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
