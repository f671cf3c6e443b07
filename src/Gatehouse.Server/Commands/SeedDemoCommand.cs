using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Results;
using Gatehouse.Core.Startup;
using Gatehouse.Core.Tenants;
using Gatehouse.Server.Hosting;
using Gatehouse.Server.Seeding;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse seed demo</c>: fills a tenant with made-up users, so that there is something to look at.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class SeedDemoCommand
{
    private const int DefaultUsers = 200;

    public static Command Create()
    {
        var command = new Command(
            "demo",
            "Fill a tenant with made-up organizations, roles, users, role requests and activity, to look at. Users have no password and "
                + "addresses at example.com; no e-mail is sent. Running it again adds nothing."
        );
        var users = new Option<int>("--users")
        {
            Description = $"How many users, 1 to {DemoFile.MaxUsers}.",
            DefaultValueFactory = _ => DefaultUsers,
        };
        var tenant = new Option<string?>("--tenant")
        {
            Description = "Name of the tenant. Default: the first one. A new one is not created.",
        };
        var yes = new Option<bool>("--yes") { Description = "Do it outside development mode, too. Nothing takes it back." };
        command.Options.Add(users);
        command.Options.Add(tenant);
        command.Options.Add(yes);
        users.Validators.Add(result =>
        {
            if (
                result.Tokens.Count > 0
                && !(
                    int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number)
                    && number is >= 1 and <= DemoFile.MaxUsers
                )
            )
                result.AddError($"--users requires a number from 1 to {DemoFile.MaxUsers}.");
        });
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction(
            async (result, cancellationToken) =>
            {
                var launch = options.Read(result);
                if (!launch.Development && !result.GetValue(yes))
                {
                    await Console.Error.WriteLineAsync(
                        "This is not development mode (--dev), and made-up users cannot be removed. With --yes they are made anyway."
                    );
                    return 1;
                }

                return await InstallationCommand.RunAsync(
                    launch,
                    (services, stop) => SeedAsync(services, result.GetValue(tenant), result.GetValue(users), stop),
                    cancellationToken,
                    "identity"
                );
            }
        );
        return command;
    }

    private static async Task<int> SeedAsync(IServiceProvider services, string? tenant, int users, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<DatabaseInitializer>().RunAsync(cancellationToken);
        var name = tenant ?? services.GetRequiredService<TenantOptions>().Name;
        if (await services.GetRequiredService<ITenantDirectory>().FindByNameAsync(name, cancellationToken) is null)
        {
            await Console.Error.WriteLineAsync($"There is no tenant {name}.");
            return 1;
        }

        var file = DemoFile.Of(name, users);
        var seeder = new Seeder(services, cancellationToken);
        var plan = await seeder.PlanAsync(Input.Of(file));
        if (plan.Errors.Count > 0)
        {
            foreach (var error in plan.Errors)
                await Console.Error.WriteLineAsync(error);
            await Console.Error.WriteLineAsync("Nothing was changed.");
            return 1;
        }

        DemoActivity.Plan(plan, file.Tenants![0]);
        // Thousands of lines would say no more.
        foreach (var kind in plan.Steps.GroupBy(step => string.Join(' ', step.Text.Split(' ').Take(2)), StringComparer.Ordinal))
            Console.WriteLine($"{kind.Key}: {kind.Count()}");
        if (plan.Steps.Count == 0)
        {
            Console.WriteLine("Everything is there. Nothing to do.");
            return 0;
        }

        if (await seeder.ApplyAsync(plan) is { } rejection)
        {
            await Console.Error.WriteLineAsync(rejection);
            await Console.Error.WriteLineAsync("What comes before it was done. Run the command again when this is mended.");
            return 1;
        }

        Console.WriteLine($"Done: {plan.Steps.Count}.");
        return 0;
    }
}
