using System.Net.Sockets;
using Npgsql;

namespace Gatehouse.Core.Postgres;

/// <summary>
/// Tells a database that cannot serve now (try again later) from one that rejected a statement. The one place that decides it: for answers,
/// for background work, for the start and for commands.
/// </summary>
public static class DatabaseFailure
{
    /// <summary>Whether the failure means "not now", whatever wraps it.</summary>
    public static bool IsAway(Exception exception) => Find(exception) is not null;

    /// <summary>Whether the server itself said that it cannot serve: the connection may be as good as new, and the next statement fails all
    /// the same.</summary>
    internal static bool IsSaidByServer(Exception exception) => Find(exception) is PostgresException e && CannotServe(e.SqlState);

    /// <summary>Whether a unique constraint rejected it.</summary>
    // Citus appends the number of the shard.
    public static bool IsTaken(Exception exception, string constraint) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: { } name }
        && name.StartsWith(constraint, StringComparison.Ordinal);

    /// <summary>The cause in the fewest words, for operators. The server's texts of these classes name files, roles and limits, never
    /// values.</summary>
    public static string Reason(Exception exception) =>
        Find(exception) switch
        {
            PostgresException e => $"{e.SqlState} {e.MessageText}",
            { } e => e.GetBaseException().Message,
            _ => exception.GetType().Name,
        };

    /// <summary>By SQLSTATE (PostgreSQL, appendix A).</summary>
    internal static bool IsAway(string sqlState) => CannotServe(sqlState) || IsConnectionLost(sqlState);

    private static Exception? Find(Exception? exception) =>
        exception switch
        {
            null => null,
            PostgresException e => IsAway(e.SqlState) ? e : null,
            NpgsqlException e when e.IsTransient || e.InnerException is SocketException or IOException or TimeoutException => e,
            AggregateException e => e.InnerExceptions.Select(Find).FirstOrDefault(inner => inner is not null),
            _ => Find(exception.InnerException),
        };

    private static bool CannotServe(string sqlState) =>
        // A standby, or a primary that was made read-only for a failover.
        sqlState
            is PostgresErrorCodes.ReadOnlySqlTransaction
                // Starting, stopping or recovering.
                or PostgresErrorCodes.CannotConnectNow
        // No disk, memory or connection left.
        || sqlState.StartsWith("53", StringComparison.Ordinal)
        // Failures of the machine below: input and output, files.
        || sqlState.StartsWith("58", StringComparison.Ordinal);

    private static bool IsConnectionLost(string sqlState) =>
        sqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or IdleSessionTimeout
        || sqlState.StartsWith("08", StringComparison.Ordinal);

    // The driver has no name for it.
    private const string IdleSessionTimeout = "57P05";
}
