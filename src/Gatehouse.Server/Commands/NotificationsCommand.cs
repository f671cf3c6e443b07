using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Results;
using Gatehouse.Core.Startup;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Notifications.Suppression;
using Gatehouse.Server.Hosting;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse notifications</c>: addresses that nothing is sent to.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "A command speaks to its terminal.")]
internal static class NotificationsCommand
{
    public static Command Create() => new("notifications", "Messages of this installation.") { CreateSuppressed(), CreateUnsuppress() };

    private static Command CreateSuppressed()
    {
        var command = new Command("suppressed", "Count the addresses that nothing is sent to, by reason. The addresses themselves are kept unreadable.");
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => InstallationCommand.RunAsync(options.Read(result), CountAsync, cancellationToken));
        return command;
    }

    private static Command CreateUnsuppress()
    {
        var command = new Command("unsuppress", "Let mail go to an address again that took none, or whose owner complained.");
        var address = new Argument<string>("address") { Description = "The e-mail address." };
        command.Arguments.Add(address);
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => InstallationCommand.RunAsync(
            options.Read(result), (services, stop) => LiftAsync(services, result.GetValue(address), stop), cancellationToken));
        return command;
    }

    private static async Task<int> CountAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var tenant = await OpenAsync(services, cancellationToken);
        foreach (var reason in await services.GetRequiredService<CountSuppressions.Handler>().HandleAsync(tenant, cancellationToken))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reason.Reason}: {reason.Addresses}"));
        return 0;
    }

    private static async Task<int> LiftAsync(IServiceProvider services, string? typed, CancellationToken cancellationToken)
    {
        if (EmailAddress.Parse(typed, "address", new ValidationErrors()) is not { } email)
        {
            await Console.Error.WriteLineAsync("This is no e-mail address that mail can be sent to.");
            return 1;
        }

        var tenant = await OpenAsync(services, cancellationToken);
        var index = services.GetRequiredService<BlindIndex>().Compute(tenant, Users.EmailKind, email.Canonical);
        var lifted = await services.GetRequiredService<LiftSuppression.Handler>().HandleAsync(tenant, index, cancellationToken);
        Console.WriteLine(lifted ? "Mail goes to the address again. Remove it from your provider's own list, too." : "The address was not suppressed.");
        return 0;
    }

    private static async Task<Guid> OpenAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<DatabaseInitializer>().RunAsync(cancellationToken);
        var tenant = await services.GetRequiredService<ITenantDirectory>().FindOnlyAsync(cancellationToken)
            ?? throw new InvalidOperationException("The command knows installations of one tenant only.");
        return tenant.Id;
    }
}
