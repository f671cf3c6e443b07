using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Results;
using Gatehouse.Core.Startup;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Notifications.Suppression;
using Gatehouse.Server.Hosting;
using Gatehouse.Split;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse notifications</c>: suppressed addresses.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class NotificationsCommand
{
    public static Command Create() => new("notifications", "Manage suppressed addresses.") { CreateSuppressed(), CreateUnsuppress() };

    private static Command CreateSuppressed()
    {
        var command = new Command(
            "suppressed",
            "Count suppressed addresses by reason. The addresses themselves are stored as hashes only."
        );
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction(
            (result, cancellationToken) =>
                InstallationCommand.RunAsync(options.Read(result), CountAsync, cancellationToken, "notifications")
        );
        return command;
    }

    private static Command CreateUnsuppress()
    {
        var command = new Command("unsuppress", "Remove an address from the suppression list after a bounce or complaint.");
        var address = new Argument<string>("address") { Description = "The e-mail address." };
        command.Arguments.Add(address);
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction(
            (result, cancellationToken) =>
                InstallationCommand.RunAsync(
                    options.Read(result),
                    (services, stop) => LiftAsync(services, result.GetValue(address), stop),
                    cancellationToken,
                    "notifications"
                )
        );
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
            await Console.Error.WriteLineAsync("Not a valid e-mail address.");
            return 1;
        }

        var tenant = await OpenAsync(services, cancellationToken);
        var index = await services
            .GetRequiredService<IAddressIndex>()
            .ComputeAsync(tenant, new ContactAddress(Kind: Users.EmailKind, Value: email.Canonical), cancellationToken);
        var lifted = await services.GetRequiredService<LiftSuppression.Handler>().HandleAsync(tenant, index, cancellationToken);
        Console.WriteLine(
            lifted
                ? "The address is no longer suppressed. Remove it from your provider's own list, too."
                : "The address was not suppressed."
        );
        return 0;
    }

    private static async Task<Guid> OpenAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<DatabaseInitializer>().RunAsync(cancellationToken);
        var tenant =
            await services.GetRequiredService<ITenantDirectory>().FindOnlyAsync(cancellationToken)
            ?? throw new InvalidOperationException("This command supports single-tenant installations only.");
        return tenant.Id;
    }
}
