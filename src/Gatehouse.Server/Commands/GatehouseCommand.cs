using System.CommandLine;
using System.CommandLine.Help;

namespace Gatehouse.Server.Commands;

/// <summary>The program's commands.</summary>
internal static class GatehouseCommand
{
    /// <summary>Signals are handled by the commands themselves: a stop must let PostgreSQL end, however long that takes.</summary>
    public static InvocationConfiguration Invocation { get; } = new() { ProcessTerminationTimeout = null };

    /// <summary>An argument is what was typed: the library would read one that begins with @ from a file of that name.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    // Not a RootCommand: that would call the program by the name of its assembly.
    public static Command Create() =>
        new("gatehouse", "Gatehouse is a self-hosted identity server.")
        {
            new HelpOption(),
            new VersionOption(),
            ServeCommand.Create(),
            MigrateCommand.Create(),
            DoctorCommand.Create(),
            AuditCommand.Create(),
            UserCommand.Create(),
            KeysCommand.Create(),
            NotificationsCommand.Create(),
            DevelopmentBrokerCommand.Create(),
        };
}
