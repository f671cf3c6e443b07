using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Core.Postgres;
using Gatehouse.Server.Hosting;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse migrate</c>: brings both databases up to date, for installations where the server itself may not.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Migrate the main database and the key store.");
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction(
            (result, cancellationToken) => InstallationCommand.RunAsync(options.Read(result), MigrateAsync, cancellationToken)
        );
        return command;
    }

    private static async Task<int> MigrateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var migrator = services.GetRequiredService<Migrator>();
        var applied = await migrator.MigrateAsync(cancellationToken);
        foreach (var migration in applied)
            Console.WriteLine($"applied {migration}");
        if (applied.Count == 0)
            Console.WriteLine("Nothing to do: the schema is up to date.");

        var differences = await migrator.DifferencesAsync(cancellationToken);
        foreach (var difference in differences)
            await Console.Error.WriteLineAsync(difference);
        return differences.Count == 0 ? 0 : 1;
    }
}
