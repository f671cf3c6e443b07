using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Npgsql;
using static Gatehouse.Client.Statements;

namespace Gatehouse.Client;

/// <summary>
/// The store in the service's own database. Several instances may read the same events at once: the row of an event makes one of them wait
/// for the other, and then pass it over.
/// </summary>
[SuppressMessage("Security", "CA2100", Justification = "Each statement is a constant of this class.")]
internal sealed class PostgresEventStore(NpgsqlDataSource database, GatehouseEventsBuilder options) : IEventStore
{
    private const string BeforeHandler = "before_handler";
    private const int MaxErrorLength = 2000;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Instances start together; and who finds the tables needs no right to create any.
        await ExecuteAsync(transaction, "select pg_advisory_xact_lock(hashtext('gatehouse_events'))", cancellationToken);
        if (await ScalarAsync<bool>(transaction, "select to_regclass('gatehouse_events.deferred') is null", cancellationToken))
            await ExecuteAsync(
                transaction,
                """
                create schema if not exists gatehouse_events;
                create table gatehouse_events.cursors (
                    consumer text primary key, cursor text not null, saved_at timestamptz not null default now());
                create table gatehouse_events.handled (
                    consumer text, event_id uuid, handled_at timestamptz not null default now(), primary key (consumer, event_id));
                create index on gatehouse_events.handled (handled_at);
                create table gatehouse_events.deferred (
                    number bigint generated always as identity primary key, consumer text not null, subject uuid not null,
                    event jsonb not null, attempts int not null, next_at timestamptz not null, error text);
                create index on gatehouse_events.deferred (consumer, next_at);
                create index on gatehouse_events.deferred (consumer, subject, number);
                """,
                cancellationToken
            );
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<string?> FindCursorAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select cursor from gatehouse_events.cursors where consumer = $1");
        Add(command, options.Consumer);
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    public async Task SaveCursorAsync(string cursor, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            insert into gatehouse_events.cursors (consumer, cursor) values ($1, $2)
            on conflict (consumer) do update set cursor = excluded.cursor, saved_at = now()
            """
        );
        Add(command, options.Consumer, cursor);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<Exception?> HandleOnceAsync(EventEnvelope envelope, HandleEvent handle, CancellationToken cancellationToken)
    {
        try
        {
            return await HandleAsync(envelope, handle, cancellationToken);
        }
        catch (TransactionLostException e)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (await MarkAsync(transaction, envelope, cancellationToken))
                await DeferAsync(transaction, envelope, attempts: 1, Short(e.Failure), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return e.Failure;
        }
    }

    public async Task<Retried?> RetryAsync(HandleEvent handle, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await FindDueAsync(transaction, cancellationToken) is not var (number, envelope, attempts))
            return null;
        Exception? failure;
        try
        {
            failure = await TryAsync(transaction, envelope, handle, cancellationToken);
        }
        catch (TransactionLostException e)
        {
            // What is left of it would hold the row.
            await connection.CloseAsync();
            await using var another = await database.OpenConnectionAsync(cancellationToken);
            await using var instead = await another.BeginTransactionAsync(cancellationToken);
            await PutOffAsync(instead, number, attempts + 1, e.Failure, cancellationToken);
            await instead.CommitAsync(cancellationToken);
            return new Retried(envelope, e.Failure);
        }

        if (failure is null)
            await ExecuteAsync(transaction, "delete from gatehouse_events.deferred where number = $1", cancellationToken, number);
        else
            await PutOffAsync(transaction, number, attempts + 1, failure, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new Retried(envelope, failure);
    }

    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "delete from gatehouse_events.handled where handled_at < now() - make_interval(days => $2) and consumer = $1"
        );
        Add(command, options.Consumer, options.HandledDays);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<Exception?> HandleAsync(EventEnvelope envelope, HandleEvent handle, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await MarkAsync(transaction, envelope, cancellationToken))
            return null;
        Exception? failure = null;
        if (options.KeepOrderOfSubject && await IsHeldBackAsync(transaction, envelope.Key, cancellationToken))
        {
            await DeferAsync(transaction, envelope, attempts: 0, error: null, cancellationToken);
        }
        else
        {
            failure = await TryAsync(transaction, envelope, handle, cancellationToken);
            if (failure is not null)
                await DeferAsync(transaction, envelope, attempts: 1, Short(failure), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return failure;
    }

    /// <returns>Whether the event was not taken before.</returns>
    private async Task<bool> MarkAsync(NpgsqlTransaction transaction, EventEnvelope envelope, CancellationToken cancellationToken) =>
        await ExecuteAsync(
            transaction,
            "insert into gatehouse_events.handled (consumer, event_id) values ($1, $2) on conflict do nothing",
            cancellationToken,
            options.Consumer,
            envelope.Id
        ) > 0;

    private static Task<int> PutOffAsync(
        NpgsqlTransaction transaction,
        long number,
        int attempts,
        Exception failure,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            transaction,
            "update gatehouse_events.deferred set attempts = $2, next_at = clock_timestamp() + $3, error = $4 where number = $1",
            cancellationToken,
            number,
            attempts,
            Retrying.PauseAfter(attempts),
            Short(failure)
        );

    private async Task<(long Number, EventEnvelope Envelope, int Attempts)?> FindDueAsync(
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            select d.number, d.event::text, d.attempts from gatehouse_events.deferred d
            where d.consumer = $1 and d.next_at <= (select clock_timestamp())
              and (not $2 or not exists (
                  select 1 from gatehouse_events.deferred o
                  where o.consumer = d.consumer and o.subject = d.subject and o.number < d.number))
            order by d.number limit 1 for update of d skip locked
            """,
            transaction.Connection,
            transaction
        );
        Add(command, options.Consumer, options.KeepOrderOfSubject);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetInt64(0), JsonSerializer.Deserialize(reader.GetString(1), EventJson.Default.EventEnvelope)!, reader.GetInt32(2))
            : null;
    }

    private Task<bool> IsHeldBackAsync(NpgsqlTransaction transaction, Guid subject, CancellationToken cancellationToken) =>
        ScalarAsync<bool>(
            transaction,
            "select exists (select 1 from gatehouse_events.deferred where consumer = $1 and subject = $2)",
            cancellationToken,
            options.Consumer,
            subject
        );

    private Task<int> DeferAsync(
        NpgsqlTransaction transaction,
        EventEnvelope envelope,
        int attempts,
        string? error,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            transaction,
            """
            insert into gatehouse_events.deferred (consumer, subject, event, attempts, next_at, error)
            values ($1, $2, $3::jsonb, $4, clock_timestamp() + $5, $6)
            """,
            cancellationToken,
            options.Consumer,
            envelope.Key,
            JsonSerializer.Serialize(envelope, EventJson.Default.EventEnvelope),
            attempts,
            attempts == 0 ? TimeSpan.Zero : Retrying.PauseAfter(attempts),
            error
        );

    /// <summary>What a handler wrote before it failed is undone; the transaction goes on.</summary>
    private static async Task<Exception?> TryAsync(
        NpgsqlTransaction transaction,
        EventEnvelope envelope,
        HandleEvent handle,
        CancellationToken cancellationToken
    )
    {
        await transaction.SaveAsync(BeforeHandler, cancellationToken);
        try
        {
            await handle(envelope, transaction);
            // A handler that caught an error of the database leaves a transaction that would only seem to commit; and what is checked only
            // at the commit would fail there, for good.
            await ExecuteAsync(transaction, "set constraints all immediate", cancellationToken);
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await transaction.RollbackAsync(BeforeHandler, cancellationToken);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TransactionLostException(e);
            }

            return e;
        }
    }

    /// <summary>As much of it as is kept, in characters that PostgreSQL takes.</summary>
    private static string Short(Exception failure)
    {
        var text = failure.ToString();
        if (text.Length > MaxErrorLength)
            text = text[..(char.IsHighSurrogate(text[MaxErrorLength - 1]) ? MaxErrorLength - 1 : MaxErrorLength)];
        // Half a pair becomes the character that stands for what is unknown.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
    }

    /// <summary>The handler failed, and its connection or its transaction with it.</summary>
    private sealed class TransactionLostException(Exception failure) : Exception(failure.Message, failure)
    {
        public Exception Failure { get; } = failure;
    }
}
