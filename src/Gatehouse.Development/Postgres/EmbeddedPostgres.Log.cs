using Microsoft.Extensions.Logging;

namespace Gatehouse.Development.Postgres;

internal sealed partial class EmbeddedPostgres
{
    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1,
            Level = LogLevel.Information,
            Message = "Created a database cluster of PostgreSQL {Major} in {Cluster}"
        )]
        public static partial void Created(ILogger logger, int major, string cluster);

        [LoggerMessage(
            EventId = 2,
            Level = LogLevel.Information,
            Message = "PostgreSQL {Major} runs as process {ProcessId}; its socket is in {SocketFolder}"
        )]
        public static partial void Started(ILogger logger, int major, int processId, string socketFolder);

        [LoggerMessage(
            EventId = 3,
            Level = LogLevel.Warning,
            Message = "PostgreSQL of an earlier run still runs as process {ProcessId}; using it"
        )]
        public static partial void Adopted(ILogger logger, int processId);

        [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "PostgreSQL, process {ProcessId}, has stopped")]
        public static partial void Stopped(ILogger logger, int processId);
    }
}
