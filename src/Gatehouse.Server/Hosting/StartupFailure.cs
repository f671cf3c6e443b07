using System.Text;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Npgsql;

namespace Gatehouse.Server.Hosting;

/// <summary>Tells what an operator can mend in plain words, and a error of the program by its stack trace.</summary>
internal static class StartupFailure
{
    /// <summary>What the operator is told; null when there is nothing to tell.</summary>
    public static string? Explain(Exception exception) =>
        exception switch
        {
            SettingsException or SchemaException or ClockSkewException or MasterKeyException => exception.Message,
            IOException or InvalidDataException or DllNotFoundException => exception.Message,
            _ when DatabaseFailure.IsAway(exception) => $"The database is unavailable: {DatabaseFailure.Reason(exception)}.",
            PostgresException e => $"The database rejected the connection: {e.MessageText}. 'gatehouse doctor' says what to do.",
            NpgsqlException e => $"The database cannot be reached: {e.Message}. 'gatehouse doctor' says what to do.",
            OperationCanceledException => null,
            _ => Describe(exception),
        };

    // Messages may repeat values, and values may be secret: kinds and places tell enough.
    private static string Describe(Exception exception)
    {
        var words = new StringBuilder("Unexpected error. Please report it with the lines below.");
        for (var error = exception; error is not null; error = error.InnerException)
            words.Append('\n').Append(error.GetType().FullName).Append('\n').Append(error.StackTrace);
        return words.ToString();
    }
}
