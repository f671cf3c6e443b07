using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Core.Startup;
using Gatehouse.Identity.Administration;
using Gatehouse.Server.Hosting;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse phones</c>: what an update of the numbering plans means for stored numbers. Read-only.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class PhonesCommand
{
    public static Command Create() => new("phones", "Check stored phone numbers.") { Check() };

    private static Command Check()
    {
        var command = new Command(
            "check",
            "Compare all stored phone numbers with the numbering plans of this version, before servers are updated to it. Changes nothing. "
                + "Exits with 1 if any number is not what it was."
        );
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction(
            (result, cancellationToken) => InstallationCommand.RunAsync(options.Read(result), RunAsync, cancellationToken, "identity")
        );
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<DatabaseInitializer>().RunAsync(cancellationToken);
        var changed = 0L;
        var compared = await services
            .GetRequiredService<CheckPhones>()
            .RunAsync(
                phone =>
                {
                    changed++;
                    Console.WriteLine($"{phone.TenantId}\t{phone.UserId}\t{phone.Masked}\t{Words(phone)}");
                },
                cancellationToken
            );
        Console.WriteLine($"{compared} numbers compared, {changed} are not what they were.");
        return changed == 0 ? 0 : 1;
    }

    private static string Words(ChangedPhone phone) =>
        phone switch
        {
            { IsRefused: true } => "is not accepted any more",
            { SharedWith: { } other } => $"has another key, which is that of user {other}",
            _ => "has another key",
        };
}
