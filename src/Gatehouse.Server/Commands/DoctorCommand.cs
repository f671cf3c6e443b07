using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Server.Hosting;
using Gatehouse.Web.Health;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse doctor</c>: checks the installation and says what to do. Read-only.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Check settings, databases, schema, keys, clock and huge pages. Read-only.");
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => InstallationCommand.RunAsync(options.Read(result), ExamineAsync, cancellationToken));
        return command;
    }

    private static async Task<int> ExamineAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        Console.WriteLine("ok      settings: all valid");
        var findings = await services.GetRequiredService<Doctor>().ExamineAsync(cancellationToken);
        foreach (var finding in findings)
        {
            Console.WriteLine($"{Word(finding.Level)}{finding.Subject}: {finding.Text}");
            if (finding.Remedy is not null) Console.WriteLine($"        → {finding.Remedy}");
        }

        return findings.Any(f => f.Level == FindingLevel.Error) ? 1 : 0;
    }

    private static string Word(FindingLevel level) => level switch
    {
        FindingLevel.Good => "ok      ",
        FindingLevel.Advice => "advice  ",
        _ => "ERROR   ",
    };
}
