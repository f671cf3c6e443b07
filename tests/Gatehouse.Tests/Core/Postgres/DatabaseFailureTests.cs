using System.Net.Sockets;
using Gatehouse.Core.Postgres;
using Npgsql;

namespace Gatehouse.Tests.Core.Postgres;

public sealed class DatabaseFailureTests
{
    [Theory]
    // Connection exceptions.
    [InlineData("08000", true)]
    [InlineData("08006", true)]
    [InlineData("08P01", true)]
    // A read-only transaction; other invalid transaction states are mistakes of a program.
    [InlineData("25006", true)]
    [InlineData("25P02", false)]
    [InlineData("25P03", false)]
    // No disk, memory, connection or other resource left.
    [InlineData("53000", true)]
    [InlineData("53100", true)]
    [InlineData("53200", true)]
    [InlineData("53300", true)]
    [InlineData("53400", true)]
    // Ended, starting or stopping; a statement that was cancelled or took too long is not the server's state.
    [InlineData("57P01", true)]
    [InlineData("57P02", true)]
    [InlineData("57P03", true)]
    [InlineData("57P05", true)]
    [InlineData("57P04", false)]
    [InlineData("57014", false)]
    [InlineData("55P03", false)]
    // Failures of the machine.
    [InlineData("58000", true)]
    [InlineData("58030", true)]
    [InlineData("58P01", true)]
    // What the database has decided, or we have written wrong.
    [InlineData("22021", false)]
    [InlineData("23505", false)]
    [InlineData("28P01", false)]
    [InlineData("3D000", false)]
    [InlineData("40001", false)]
    [InlineData("40P01", false)]
    [InlineData("42501", false)]
    [InlineData("42601", false)]
    [InlineData("42P01", false)]
    [InlineData("54000", false)]
    [InlineData("XX000", false)]
    [InlineData("XX001", false)]
    public void Which_states_mean_not_now(string sqlState, bool away)
    {
        Assert.Equal(away, DatabaseFailure.IsAway(sqlState));
        Assert.Equal(away, DatabaseFailure.IsAway(Postgres(sqlState)));
        Assert.Equal(away, DatabaseFailure.IsAway(new InvalidOperationException("wrapped", Postgres(sqlState))));
    }

    [Fact]
    public void Connections_that_fail_mean_not_now_and_those_to_others_do_not()
    {
        Assert.True(DatabaseFailure.IsAway(new NpgsqlException("connect", new SocketException())));
        Assert.True(DatabaseFailure.IsAway(new NpgsqlException("read", new IOException("closed"))));
        Assert.True(DatabaseFailure.IsAway(new InvalidOperationException("x", new NpgsqlException("pool", new TimeoutException()))));
        Assert.True(
            DatabaseFailure.IsAway(
                new NpgsqlException("no host", new AggregateException(new NpgsqlException("connect", new SocketException())))
            )
        );
        Assert.False(DatabaseFailure.IsAway(new TimeoutException()));
        Assert.False(DatabaseFailure.IsAway(new HttpRequestException("another server", new SocketException())));
        Assert.False(DatabaseFailure.IsAway(new NpgsqlException("a bug of ours")));
    }

    [Fact]
    public async Task A_server_whose_name_is_unknown_means_not_now()
    {
        await using var source = NpgsqlDataSource.Create("Host=nowhere.invalid;Username=gatehouse");
        Assert.True(DatabaseFailure.IsAway(await Assert.ThrowsAnyAsync<Exception>(async () => await source.OpenConnectionAsync())));
    }

    private static PostgresException Postgres(string state) => new("message", "ERROR", "ERROR", state);
}
