using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace FoodDelivery.Users;

/// <summary>Statements with their values.</summary>
[SuppressMessage("Security", "CA2100", Justification = "Each statement is a constant of its caller.")]
internal static class Sql
{
    public static NpgsqlCommand Command(this NpgsqlDataSource database, string sql, params object?[] values) =>
        With(database.CreateCommand(sql), values);

    public static NpgsqlCommand Command(this NpgsqlTransaction transaction, string sql, params object?[] values) =>
        With(new NpgsqlCommand(sql, transaction.Connection, transaction), values);

    public static async Task<int> RunAsync(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
            return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<IReadOnlyList<T>> ListAsync<T>(
        this NpgsqlCommand command,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var found = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
                found.Add(read(reader));
            return found;
        }
    }

    private static NpgsqlCommand With(NpgsqlCommand command, object?[] values)
    {
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
