using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Audit;
using Gatehouse.Audit.Data;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Server.Hosting;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse audit</c>: verifies that the audit log is unchanged since it was sealed. Read-only.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Verify the audit log or print the public key of its checkpoints.") { Verify(), Key() };

    private static Command Verify()
    {
        var command = new Command(
            "verify",
            "Compare every record with its sealed batch, and the batches with the checkpoints. Exits with 1 if anything differs."
        );
        var options = new CommonOptions();
        options.AddTo(command);
        var checkpoints = new Option<string[]>("--checkpoints")
        {
            Description = "File of checkpoints, such as a copy kept elsewhere. Can be repeated. Default: the setting Audit:CheckpointFile.",
            DefaultValueFactory = _ => [],
        };
        command.Options.Add(checkpoints);
        command.SetAction(
            (result, cancellationToken) =>
                InstallationCommand.RunAsync(
                    options.Read(result),
                    (services, stop) => VerifyAsync(services, result.GetValue(checkpoints) ?? [], stop),
                    cancellationToken,
                    "audit"
                )
        );
        return command;
    }

    private static Command Key()
    {
        var command = new Command("key", "Print the public key of the checkpoints as PEM.");
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction(
            (result, cancellationToken) => InstallationCommand.RunAsync(options.Read(result), PrintKeyAsync, cancellationToken, "audit")
        );
        return command;
    }

    private static async Task<int> VerifyAsync(IServiceProvider services, string[] checkpoints, CancellationToken cancellationToken)
    {
        if (!await OpenAsync(services, cancellationToken))
            return 1;
        var report = await services.GetRequiredService<VerifyChain>().RunAsync(checkpoints, cancellationToken);
        foreach (var error in report.Errors)
            Console.WriteLine("ERROR   " + error);
        if (report.ErrorCount > report.Errors.Count)
            Console.WriteLine($"ERROR   {report.ErrorCount - report.Errors.Count} more.");
        foreach (var note in report.Notes)
            Console.WriteLine("note    " + note);
        Console.WriteLine(
            $"{(report.ErrorCount == 0 ? "ok      " : "        ")}{report.Records} records in {report.Batches} batches, "
                + $"{report.Checkpoints} checkpoints compared, {report.Unsealed} records not sealed yet"
        );
        return report.ErrorCount == 0 ? 0 : 1;
    }

    private static async Task<int> PrintKeyAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (!await OpenAsync(services, cancellationToken))
            return 1;
        Console.WriteLine(services.GetRequiredService<CheckpointKey>().PublicPem);
        return 0;
    }

    private static async Task<bool> OpenAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var differences = await services.GetRequiredService<Migrator>().DifferencesAsync(cancellationToken);
        foreach (var difference in differences)
            await Console.Error.WriteLineAsync(difference);
        if (differences.Count > 0)
            return false;
        await services.GetRequiredService<ServerKeys>().LoadAsync(cancellationToken);
        return true;
    }
}
