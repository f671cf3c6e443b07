using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Gatehouse.Server.Commands;

/// <summary>The program's commands.</summary>
internal static class GatehouseCommand
{
    /// <summary>Signals are handled by the commands themselves: a stop must let PostgreSQL end, however long that takes.</summary>
    public static InvocationConfiguration Invocation { get; } = new() { ProcessTerminationTimeout = null };

    /// <summary>An argument is what was typed: the library would read one that begins with @ from a file of that name.</summary>
    private static readonly ParserConfiguration parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Who mistyped a value of an option knows the option: the error alone is told, without the help.</summary>
    public static ParseResult Parse(string[] arguments)
    {
        var result = Create().Parse(arguments, parsing);
        if (result.Action is ParseErrorAction told && result.Errors.All(e => e.SymbolResult is OptionResult { Tokens.Count: > 0 }))
            told.ShowHelp = false;
        return result;
    }

    // Not a RootCommand: that would call the program by the name of its assembly.
    public static Command Create() =>
        new("gatehouse", "Gatehouse is a self-hosted identity server.")
        {
            new HelpOption(),
            new VersionOption(),
            ServeCommand.Create(),
            MigrateCommand.Create(),
            DoctorCommand.Create(),
            HealthCommand.Create(),
            AuditCommand.Create(),
            UserCommand.Create(),
            ClientCommand.Create(),
            SeedCommand.Create(),
            KeysCommand.Create(),
            PhonesCommand.Create(),
            NotificationsCommand.Create(),
            EventsCommand.Create(),
            CitusCommand.Create(),
            DevelopmentBrokerCommand.Create(),
        };
}
