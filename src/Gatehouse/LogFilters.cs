using Gatehouse.Web;
using Microsoft.Extensions.Logging;

namespace Gatehouse;

/// <summary>Keeps out of the logs what the framework would write of requests.</summary>
internal static class LogFilters
{
    public static void Add(ILoggingBuilder logging)
    {
        // The framework's own request logs would name paths, and a path can hold a username.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // The key store seals what it is given; the framework cannot know that and warns.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // It writes each request and each rejection, as a fault of the program.
        logging.AddFilter("OpenIddict", LogLevel.Warning);
        // The framework writes under the handler's name that somebody was not signed in.
        logging.AddFilter(GatehouseAuthentication.LogCategory, LogLevel.Warning);
    }
}
