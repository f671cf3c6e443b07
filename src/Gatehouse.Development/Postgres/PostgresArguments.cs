namespace Gatehouse.Development.Postgres;

/// <summary>How the private server is started.</summary>
internal static class PostgresArguments
{
    /// <param name="further">Further settings, each <c>name=value</c>; they win over those here.</param>
    public static IEnumerable<string> Of(string cluster, string serverFolder, string socketFolder, IReadOnlyList<string> further)
    {
        string[] defaults =
        [
            // Reachable by the socket only, whose folder is private: that is what makes trusting the caller right.
            "listen_addresses=",
            $"port={SocketFolder.Port}",
            $"unix_socket_directories=\"{socketFolder.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
            "shared_buffers=128MB",
            "max_connections=200",
            "max_wal_size=1GB",
            "timezone=UTC",
            // One file for each weekday, so the log limits itself. Terse, without statements: values may be personal.
            "logging_collector=on",
            $"log_directory={Path.Combine(serverFolder, "log")}",
            "log_filename=%a.log",
            "log_rotation_age=1d",
            "log_truncate_on_rotation=on",
            "log_checkpoints=off",
            "log_timezone=UTC",
            "log_error_verbosity=terse",
            "log_min_error_statement=panic",
        ];
        return ["-D", cluster, .. defaults.Concat(further).SelectMany(setting => new[] { "-c", setting })];
    }
}
