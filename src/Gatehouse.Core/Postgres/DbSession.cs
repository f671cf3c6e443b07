using System.Data.Common;
using Dapper;
using Npgsql;

namespace Gatehouse.Core.Postgres;

/// <summary>Runs statements on one connection, inside its transaction where it has one. Parameters are the members of an object:
/// <c>@name</c>.</summary>
public class DbSession(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
{
    static DbSession()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UtcTimeHandler());
    }

    public NpgsqlConnection Connection => connection;

    internal static void Map<T, TForm>()
        where T : class, IStoredValue<T, TForm>
        where TForm : notnull => SqlMapper.AddTypeHandler(new StoredValueHandler<T, TForm>());

    /// <summary>The parameters of a statement of two parts, each of which has its own.</summary>
    public static object Parameters(object part, object other)
    {
        var both = new DynamicParameters(part);
        both.AddDynamicParams(other);
        return both;
    }

    protected NpgsqlTransaction? Underlying => transaction;

    protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>The number of rows the statement touched.</summary>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => connection.ExecuteAsync(Command(sql, parameters));

    /// <summary>The first row, or null (the default) when there is none.</summary>
    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null) =>
        connection.QueryFirstOrDefaultAsync<T>(Command(sql, parameters));

    /// <summary>The one row the statement always gives.</summary>
    public Task<T> SingleAsync<T>(string sql, object? parameters = null) => connection.QuerySingleAsync<T>(Command(sql, parameters));

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters = null) =>
        (await connection.QueryAsync<T>(Command(sql, parameters))).AsList();

    /// <summary>The rows one by one, for what is too much to hold at once.</summary>
    public Task<DbDataReader> ReadAsync(string sql, object? parameters = null) => connection.ExecuteReaderAsync(Command(sql, parameters));

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, transaction, cancellationToken: cancellationToken);

    private sealed class StoredValueHandler<T, TForm> : SqlMapper.TypeHandler<T>
        where T : class, IStoredValue<T, TForm>
        where TForm : notnull
    {
        public override void SetValue(System.Data.IDbDataParameter parameter, T? value) =>
            parameter.Value = value is null ? DBNull.Value : value.ToStored();

        public override T Parse(object value) => T.FromStored((TForm)value);
    }

    /// <summary>timestamptz comes from the driver as a UTC DateTime; the code knows only DateTimeOffset.</summary>
    private sealed class UtcTimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(System.Data.IDbDataParameter parameter, DateTimeOffset value) =>
            parameter.Value = value.ToUniversalTime();

        public override DateTimeOffset Parse(object value) =>
            value is DateTimeOffset time ? time : new DateTimeOffset((DateTime)value, TimeSpan.Zero);
    }
}

public static class DataSourceExtensions
{
    /// <summary>Runs statements that need no transaction of their own: each commits by itself.</summary>
    public static async Task<T> QueryAsync<T>(
        this NpgsqlDataSource source,
        Func<DbSession, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await work(new DbSession(connection, transaction: null, cancellationToken));
    }
}
