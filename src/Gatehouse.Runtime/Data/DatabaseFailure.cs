using System.Net.Sockets;
using Npgsql;

namespace Gatehouse.Runtime.Data;

/// <summary>Tells a database that is away (try again later) from one that refused a statement.</summary>
public static class DatabaseFailure
{
    public static bool IsAway(Exception exception) => exception switch
    {
        // The server is stopping, starting, out of connections, or lost the connection (class 08).
        PostgresException e => e.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections || e.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException => true,
        SocketException => true,
        TimeoutException => true,
        _ => exception.InnerException is { } inner && IsAway(inner),
    };
}
