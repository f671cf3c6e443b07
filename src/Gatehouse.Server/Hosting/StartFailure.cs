using Gatehouse.Runtime.Data;
using Gatehouse.Runtime.Keys;
using Gatehouse.Runtime.Settings;
using Npgsql;

namespace Gatehouse.Server.Hosting;

/// <summary>Tells what an operator can mend from a fault of the program, which keeps its stack trace.</summary>
internal static class StartFailure
{
    /// <summary>What the operator is told; null when it is not theirs to mend.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        SettingsException or SchemaException or ClockSkewException or MasterKeyException => exception.Message,
        IOException or InvalidDataException or DllNotFoundException => exception.Message,
        _ when DatabaseFailure.IsAway(exception) => $"The database does not answer, or cannot serve: {DatabaseFailure.Reason(exception)}.",
        PostgresException e => $"The database refuses: {e.MessageText}. 'gatehouse doctor' says what to do.",
        NpgsqlException e => $"The database cannot be reached: {e.Message}. 'gatehouse doctor' says what to do.",
        _ => null,
    };
}
