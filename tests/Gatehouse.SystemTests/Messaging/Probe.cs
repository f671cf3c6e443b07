using System.Collections.Concurrent;
using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Messaging;

/// <summary>
/// Two subscribers of one event. What they take they write in the transaction of the delivery, so that the table says what counts; a test
/// may give a key an answer of its own.
/// </summary>
internal sealed class Probe
{
    public const string First = "test.first";
    public const string Second = "test.second";

    public static readonly Guid Tenant = new("00000000-0001-7000-8000-000000000001");

    /// <summary>What the subscribers answer to events of a key; the default is that they take them.</summary>
    public ConcurrentDictionary<Guid, Func<string, string, Delivery>> Answers { get; } = new();

    /// <summary>A node with both subscribers. <paramref name="name"/> tells the nodes apart.</summary>
    public async Task<TestApp> StartAsync(
        TestApp? beside = null,
        string name = "a",
        Dictionary<string, string?>? settings = null,
        DeadLetters deadLetters = DeadLetters.SuccessorsPass,
        ShiftableClock? clock = null
    )
    {
        var databases = beside?.Databases ?? await (await TestDatabases.GetAsync()).CreateAsync();
        await using (var source = Npgsql.NpgsqlDataSource.Create(databases.Main + ";Pooling=false"))
        await using (
            var command = source.CreateCommand(
                """
                create table if not exists public.probe (
                    n bigint generated always as identity, subscriber text, event_id uuid, key uuid, text text, node text,
                    primary key (event_id, subscriber))
                """
            )
        )
            await command.ExecuteNonQueryAsync();
        return await TestApp.StartAsync(
            databases,
            clock ?? beside?.Clock,
            settings,
            services =>
                services
                    .AddSingleton(this)
                    .AddSingleton(new NodeName(name))
                    .AddSubscriber<FirstProbe, UserVerifiedV1>(First, deadLetters)
                    .AddSubscriber<SecondProbe, UserVerifiedV1>(Second, deadLetters)
        );
    }

    public static Guid NewKey(TestApp app) => Guid.CreateVersion7(app.Clock.GetUtcNow());

    /// <summary>A key whose events go in the partition.</summary>
    public static Guid NewKey(TestApp app, short lane)
    {
        var key = NewKey(app);
        while (Partition.Of(key) != lane)
            key = NewKey(app);
        return key;
    }

    public static void Publish(Transaction tx, Guid key, string text, long? version = null) =>
        tx.Publish(
            Tenant,
            key,
            new UserVerifiedV1
            {
                UserId = key,
                Channel = "email",
                Method = text,
            },
            version
        );

    /// <summary>Publishes the texts, each in a transaction of its own.</summary>
    public static async Task PublishAsync(TestApp app, Guid key, params string[] texts)
    {
        foreach (var text in texts)
            await app
                .Services.GetRequiredService<Database>()
                .InTransactionAsync("test", tx => Done(() => Publish(tx, key, text)), CancellationToken.None);
    }

    public static Task<bool> Done(Action work)
    {
        work();
        return Task.FromResult(true);
    }

    /// <summary>What a subscriber has taken of a key, in order.</summary>
    public static Task<string> TakenAsync(TestApp app, Guid key, string subscriber = First) =>
        app.ScalarAsync<string>(
            "select coalesce(string_agg(text, ' ' order by n), '') from public.probe where key = $1 and subscriber = $2",
            key,
            subscriber
        );

    public static Task ExpectAsync(TestApp app, Guid key, string texts, string subscriber = First) =>
        TestApp.EventuallyAsync(async () => await TakenAsync(app, key, subscriber) == texts, $"{subscriber} takes {texts}");

    /// <summary><c>retrying 1, waiting 0</c>: what waits of a key, in order.</summary>
    public static Task<string> DeferredAsync(TestApp app, Guid key, string subscriber = First) =>
        app.ScalarAsync<string>(
            """
            select coalesce(string_agg(state || ' ' || attempts, ', ' order by position), '') from runtime.parked
             where key = $1 and subscriber = $2
            """,
            key,
            subscriber
        );

    public static Task ExpectDeferredAsync(TestApp app, Guid key, string states, string subscriber = First) =>
        TestApp.EventuallyAsync(async () => await DeferredAsync(app, key, subscriber) == states, $"parked: {states}");

    public static string Numbers(int from, int to) =>
        string.Join(' ', Enumerable.Range(from, to - from + 1).Select(n => n.ToString(CultureInfo.InvariantCulture)));

    private async Task<Delivery> TakeAsync(string subscriber, UserVerifiedV1 message, EventEnvelope envelope, Transaction tx, NodeName node)
    {
        await tx.ExecuteAsync(
            "insert into public.probe (subscriber, event_id, key, text, node) values (@subscriber, @Id, @Key, @text, @node)",
            new
            {
                subscriber,
                envelope.Id,
                envelope.Key,
                text = message.Method,
                node = node.Name,
            }
        );
        return Answers.TryGetValue(envelope.Key, out var answer) ? answer(subscriber, message.Method) : Delivery.Done;
    }

    internal sealed record NodeName(string Name);

    private sealed class FirstProbe(Probe probe, NodeName node) : ISubscriber<UserVerifiedV1>
    {
        public Task<Delivery> HandleAsync(
            UserVerifiedV1 message,
            EventEnvelope envelope,
            Transaction tx,
            CancellationToken cancellationToken
        ) => probe.TakeAsync(First, message, envelope, tx, node);
    }

    private sealed class SecondProbe(Probe probe, NodeName node) : ISubscriber<UserVerifiedV1>
    {
        public Task<Delivery> HandleAsync(
            UserVerifiedV1 message,
            EventEnvelope envelope,
            Transaction tx,
            CancellationToken cancellationToken
        ) => probe.TakeAsync(Second, message, envelope, tx, node);
    }
}
