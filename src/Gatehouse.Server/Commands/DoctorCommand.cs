using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Values;
using Gatehouse.Notifications.Mail;
using Gatehouse.Server.Hosting;
using Gatehouse.Web.Health;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse doctor</c>: checks the installation and says what to do. Read-only; <c>--mail</c> sends a test mail.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Check settings, databases, schema, keys, clock, mail, proxies and huge pages. Read-only.");
        var mail = new Option<string?>("--mail") { Description = "Also send a test mail to this address." };
        command.Options.Add(mail);
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction(
            (result, cancellationToken) =>
                InstallationCommand.RunAsync(
                    options.Read(result),
                    (services, stop) => ExamineAsync(services, result.GetValue(mail), stop),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> ExamineAsync(IServiceProvider services, string? mail, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var address = mail is null ? null : EmailAddress.Parse(mail, "mail", errors);
        if (mail is not null && address is null)
        {
            await Console.Error.WriteLineAsync("--mail: not a valid e-mail address.");
            return 1;
        }

        Console.WriteLine("ok      settings: all valid");
        var findings = (await services.GetRequiredService<Doctor>().ExamineAsync(cancellationToken)).ToList();
        if (address is not null)
            findings.Add(await services.GetRequiredService<MailCheck>().SendTestAsync(address.Delivery, cancellationToken));
        foreach (var finding in findings)
        {
            Console.WriteLine($"{Word(finding.Level)}{finding.Subject}: {finding.Text}");
            if (finding.Remedy is not null)
                Console.WriteLine($"        → {finding.Remedy}");
        }

        return findings.Any(f => f.Level == FindingLevel.Error) ? 1 : 0;
    }

    private static string Word(FindingLevel level) =>
        level switch
        {
            FindingLevel.Good => "ok      ",
            FindingLevel.Advice => "advice  ",
            _ => "ERROR   ",
        };
}
