using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Core.Postgres;
using Gatehouse.Server.Citus;
using Gatehouse.Server.Hosting;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse citus</c>: prints the statements that distribute the main database by tenant. Read-only.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class CitusCommand
{
    public static Command Create()
    {
        var command = new Command("citus", "Print the statements that distribute the tables of the main database over a Citus cluster.");
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => InstallationCommand.RunAsync(options.Read(result), PrintAsync, cancellationToken));
        return command;
    }

    private static async Task<int> PrintAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        // The tables are read from the catalog: an outdated one would lack some.
        var differences = await services.GetRequiredService<Migrator>().DifferencesAsync(cancellationToken);
        foreach (var difference in differences)
            await Console.Error.WriteLineAsync(difference);
        if (differences.Count > 0)
            return 1;

        var schemas = services
            .GetServices<MigrationSet>()
            .Where(set => set.Target == MigrationTarget.Main)
            .Select(set => set.Module)
            .Append("gatehouse")
            .Distinct(StringComparer.Ordinal);
        var tables = await services
            .GetRequiredService<DataSources>()
            .Main.QueryAsync(db => StoredTable.ReadAsync(db, schemas), cancellationToken);
        try
        {
            foreach (var statement in TableDistribution.Statements(tables, services.UndistributedTables()))
                Console.WriteLine(statement);
            return 0;
        }
        catch (UnknownDistributionException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
