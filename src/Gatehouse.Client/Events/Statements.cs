using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Gatehouse.Client;

/// <summary>Statements in a transaction, with their values.</summary>
[SuppressMessage("Security", "CA2100", Justification = "Each statement is a constant of the store.")]
internal static class Statements
{
    public static async Task<int> ExecuteAsync(
        NpgsqlTransaction transaction,
        string sql,
        CancellationToken cancellationToken,
        params object?[] values
    )
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        Add(command, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<T> ScalarAsync<T>(
        NpgsqlTransaction transaction,
        string sql,
        CancellationToken cancellationToken,
        params object?[] values
    )
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        Add(command, values);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public static void Add(NpgsqlCommand command, params object?[] values)
    {
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
    }
}
