using Gatehouse.Client;
using Gatehouse.Contracts.Events;
using Npgsql;

namespace Gatehouse.SampleService;

/// <summary>What the service copies. Nothing in the table keeps an event from being counted twice: only that it is handled once.</summary>
internal static class Customers
{
    // docs: begin handler
    public static async Task AddAsync(ReceivedEvent<UserRegisteredV1> received, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand(
            "insert into customers (user_id) values ($1)",
            received.Transaction.Connection,
            received.Transaction
        );
        insert.Parameters.Add(new NpgsqlParameter { Value = received.Data.UserId });
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    // docs: end
    // docs: begin recover
    /// <summary>Events may be missing. Customers without an account are removed. Who registered meanwhile is not known here: a service that
    /// needs all users reads them at <c>GET /v1/users</c>.</summary>
    public static async Task BringUpToDateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<NpgsqlDataSource>();
        var known = await ListAsync(database, cancellationToken);
        var users = await services.GetRequiredService<IGatehouseUsers>().BatchGetAsync(known, cancellationToken);
        await using var delete = database.CreateCommand("delete from customers where user_id = any($1)");
        delete.Parameters.Add(new NpgsqlParameter { Value = known.Where(id => !users.ContainsKey(id)).ToArray() });
        await delete.ExecuteNonQueryAsync(cancellationToken);
    }

    // docs: end
    public static async Task CreateTableAsync(NpgsqlDataSource database)
    {
        await using var create = database.CreateCommand("create table if not exists customers (user_id uuid not null)");
        await create.ExecuteNonQueryAsync();
    }

    public static async Task<IReadOnlyList<Guid>> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand("select user_id from customers");
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var found = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(reader.GetGuid(0));
        return found;
    }
}
