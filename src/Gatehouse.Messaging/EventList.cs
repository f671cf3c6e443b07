using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

/// <summary>An event of the log without what it says.</summary>
public sealed record ListedEvent
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    /// <summary>What it is about.</summary>
    public Guid Key { get; init; }

    public string Type { get; init; } = "";

    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>Whether it was carried to the subscribers, or the broker.</summary>
    public bool IsCarried { get; init; }

    /// <summary>Of the subscribers that were reached, as far as this installation's database knows of them.</summary>
    public IReadOnlyList<ListedDelivery> Deliveries { get; init; } = [];
}

/// <summary>What became of an event at one subscriber.</summary>
public sealed record ListedDelivery
{
    public const string Done = "done";
    public const string Dropped = "dropped";
    public const string Retrying = "retrying";
    public const string Waiting = "waiting";
    public const string Dead = "dead";

    public Guid EventId { get; init; }

    public string Subscriber { get; init; } = "";

    public string State { get; init; } = "";

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}

/// <summary>Which events are listed.</summary>
public sealed record ListedEventFilter
{
    /// <summary>A type, or how it begins.</summary>
    public string? Type { get; init; }

    public Guid? Key { get; init; }

    public bool IsAny => Type is null && Key is null;
}

/// <summary>Lists the log for people. It is ordered by id alone, so that a filter goes through the events one by one: each page of a
/// filtered list looks at a number of them and says where it stopped.</summary>
public sealed class EventList(Database database)
{
    /// <summary>Events that a page of a filtered list looks at.</summary>
    public const int Window = 50_000;

    /// <param name="rows">At most so many.</param>
    /// <returns>The events beyond the cursor in the direction, the nearest first; and the event at which a filter stopped looking, null
    /// where it came to the end.</returns>
    public Task<(IReadOnlyList<ListedEvent> Events, Guid? StoppedAt)> ListAsync(
        ListedEventFilter filter,
        Guid cursor,
        bool isBack,
        int rows,
        CancellationToken cancellationToken
    ) =>
        database.QueryAsync(
            async db =>
            {
                var (beyond, until, order) = isBack ? (">", "<=", "asc") : ("<", ">=", "desc");
                Guid? stop = filter.IsAny
                    ? null
                    : await db.FirstOrDefaultAsync<Guid?>(
                        $"select id from runtime.events where id {beyond} @cursor order by id {order} offset @Window limit 1",
                        new { cursor, Window }
                    );
                var events = await db.ListAsync<ListedEvent>(
                    $"""
                    select e.id, e.tenant_id, e.key, e.type, e.occurred_at,
                           (e.epoch, e.xid, e.seq) <= (l.epoch, l.xid, l.seq) as is_carried
                      from runtime.events e join runtime.lanes l on l.lane = e.lane
                     where e.id {beyond} @cursor {(stop is null ? "" : $"and e.id {until} @stop")}
                           {(filter.Type is null ? "" : "and starts_with(e.type, @Type)")}
                           {(filter.Key is null ? "" : "and e.key = @Key")}
                     order by e.id {order}
                     limit @rows
                    """,
                    new
                    {
                        cursor,
                        stop,
                        filter.Type,
                        filter.Key,
                        rows,
                    }
                );
                var deliveries = (await DeliveriesAsync(db, events)).ToLookup(delivery => delivery.EventId);
                return ((IReadOnlyList<ListedEvent>)[.. events.Select(e => e with { Deliveries = [.. deliveries[e.Id]] })], stop);
            },
            cancellationToken
        );

    // Between the bounds lie few partitions.
    private static async Task<IReadOnlyList<ListedDelivery>> DeliveriesAsync(DbSession db, IReadOnlyList<ListedEvent> events) =>
        events.Count == 0
            ? []
            : await db.ListAsync<ListedDelivery>(
                """
                select i.event_id, i.subscriber, p.next_attempt_at,
                       coalesce(p.state, case when i.outcome like 'dropped%' then 'dropped' else 'done' end) as state
                  from runtime.inbox i
                  left join runtime.parked p on p.subscriber = i.subscriber and p.event_id = i.event_id
                 where i.event_id = any(@ids) and i.event_id between @first and @last
                 order by i.event_id, i.subscriber
                """,
                new
                {
                    ids = events.Select(e => e.Id).ToArray(),
                    first = events.Min(e => e.Id),
                    last = events.Max(e => e.Id),
                }
            );
}
