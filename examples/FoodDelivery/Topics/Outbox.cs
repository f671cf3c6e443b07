using FoodDelivery.Users;
using FoodDelivery.V1;
using Microsoft.Extensions.Options;
using Npgsql;

namespace FoodDelivery.Topics;

/// <summary>What is to be published, kept in the transaction of what it follows from. Nothing personal is in it: names are read when a
/// record is sent.</summary>
internal sealed partial class Outbox(NpgsqlDataSource database, IOptions<AdapterOptions> options, ILogger<Outbox> logger)
{
    /// <summary>Announces a role of a user, once.</summary>
    public async Task AnnounceAsync(NpgsqlTransaction transaction, int number, UserRole role, CancellationToken cancellationToken)
    {
        var isNew = await transaction
            .Command("insert into food_delivery.announced (number, role) values ($1, $2) on conflict do nothing", number, (short)role)
            .RunAsync(cancellationToken);
        if (isNew == 0)
            return;
        var (name, topics) = FoodEvents.Created(role);
        await AddAsync(transaction, number, name, topics, cancellationToken);
    }

    public Task UpdatedAsync(NpgsqlTransaction transaction, int number, CancellationToken cancellationToken) =>
        AddAsync(transaction, number, FoodEvents.CustomerUpdated, FoodEvents.UpdatedTopics, cancellationToken);

    /// <summary>Announces everybody's role again, for neighbours that were not there the first time.</summary>
    public async Task RepublishAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var users = await transaction
            .Command("select number, role from food_delivery.users where role_is_known and role is not null order by number")
            .ListAsync(row => (Number: row.GetInt32(0), Role: (UserRole)row.GetInt16(1)), cancellationToken);
        foreach (var (number, role) in users)
        {
            var (name, topics) = FoodEvents.Created(role);
            await AddAsync(transaction, number, name, topics, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        Log.Queued(logger, users.Count);
    }

    private async Task AddAsync(
        NpgsqlTransaction transaction,
        int number,
        string name,
        IReadOnlyList<string> topics,
        CancellationToken cancellationToken
    )
    {
        foreach (var topic in topics)
        {
            if (FoodEvents.CarriesName(name, topic) && !options.Value.CustomerNames)
                continue;
            await transaction
                .Command("insert into food_delivery.outbox (number, event, topic) values ($1, $2, $3)", number, name, topic)
                .RunAsync(cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Users} users are to be announced again; the running adapter does it")]
        public static partial void Queued(ILogger logger, int users);
    }
}
