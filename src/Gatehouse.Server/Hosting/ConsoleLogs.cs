using Microsoft.Extensions.Logging.Console;

namespace Gatehouse.Server.Hosting;

/// <summary>Logs as this program writes them: plain lines in development mode, a JSON object a line otherwise.</summary>
internal static class ConsoleLogs
{
    public static void AddConsoleLogs(this ILoggingBuilder logging, LaunchSettings launch)
    {
        if (launch.OutputIsAnswer)
        {
            logging.SetMinimumLevel(LogLevel.Warning);
            logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        if (launch.Development)
            logging.AddSimpleConsole(console => console.SingleLine = true);
        else
            logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
    }
}
