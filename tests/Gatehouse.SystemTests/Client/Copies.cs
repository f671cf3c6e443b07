using Gatehouse.Client;
using Gatehouse.Contracts.Events;
using Npgsql;

namespace Gatehouse.SystemTests.Client;

/// <summary>What a relying service made of events: a row for each user it heard of.</summary>
internal sealed class Copies(NpgsqlDataSource database)
{
    public async Task CreateAsync()
    {
        await using var create = database.CreateCommand("create table copies (user_id uuid not null)");
        await create.ExecuteNonQueryAsync();
    }

    /// <summary>The handler.</summary>
    public static async Task CopyAsync(ReceivedEvent<UserRegisteredV1> received, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand(
            "insert into copies (user_id) values ($1)",
            received.Transaction.Connection,
            received.Transaction
        );
        insert.Parameters.Add(new NpgsqlParameter { Value = received.Data.UserId });
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<Guid>> ReadAsync()
    {
        await using var select = database.CreateCommand("select user_id from copies");
        await using var reader = await select.ExecuteReaderAsync();
        var found = new List<Guid>();
        while (await reader.ReadAsync())
            found.Add(reader.GetGuid(0));
        return found;
    }
}
