using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Results;
using Gatehouse.Core.Startup;
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
        var command = new Command(
            "unsuppress",
            "Remove an address or number from the suppression list after a bounce, a complaint or a STOP."
        );
        var address = new Argument<string>("address")
        {
            Description = "The e-mail address, or the phone number with + and the country code.",
        };
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
        var contact = EmailAddress.Parse(typed, "address", new ValidationErrors()) ?? (IContact?)PhoneNumber.TryParse(typed, region: null);
        if (contact is null)
        {
            await Console.Error.WriteLineAsync("Not a valid e-mail address, nor a phone number with + and the country code.");
            return 1;
        }

        var tenant = await OpenAsync(services, cancellationToken);
        var index = await services
            .GetRequiredService<IAddressIndex>()
            .ComputeAsync(tenant, new ContactAddress(Kind: contact.Kind, Value: contact.Canonical), cancellationToken);
        var lifted = await services.GetRequiredService<LiftSuppression.Handler>().HandleAsync(tenant, index, cancellationToken);
        var kind = contact is PhoneNumber ? "number" : "address";
        Console.WriteLine(
            lifted
                ? $"The {kind} is no longer suppressed. Remove it from your provider's own list, too."
                : $"The {kind} was not suppressed."
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
