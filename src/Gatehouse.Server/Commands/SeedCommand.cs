using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Core.Startup;
using Gatehouse.Server.Hosting;
using Gatehouse.Server.Seeding;
using Gatehouse.Web;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse seed FILE</c>: shows what is missing of what the file describes, and makes it on a yes.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class SeedCommand
{
    private const int MaxLength = 16 * 1024 * 1024;

    public static Command Create()
    {
        var command = new Command(
            "seed",
            "Create the tenants, organizations, permissions, roles and users of a file, where they are missing. Shows first "
                + "what it would do. Nothing is removed, and running it again changes nothing."
        );
        var file = new Argument<string>("file") { Description = "JSON; comments and trailing commas are allowed (docs/seeding.md)." };
        var yes = new Option<bool>("--yes") { Description = "Do it without asking." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show what would be done." };
        command.Arguments.Add(file);
        command.Options.Add(yes);
        command.Options.Add(dryRun);
        command.Validators.Add(result =>
        {
            if (result.GetValue(yes) && result.GetValue(dryRun))
                result.AddError("--yes and --dry-run exclude each other.");
        });
        command.Subcommands.Add(SeedDemoCommand.Create());
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction(
            (result, cancellationToken) =>
                InstallationCommand.RunAsync(
                    options.Read(result),
                    (services, stop) => SeedAsync(services, result.GetValue(file)!, result.GetValue(dryRun), result.GetValue(yes), stop),
                    cancellationToken,
                    "identity"
                )
        );
        return command;
    }

    private static async Task<int> SeedAsync(
        IServiceProvider services,
        string file,
        bool dryRun,
        bool yes,
        CancellationToken cancellationToken
    )
    {
        var input = JsonFile.Read<SeedFile>(await ReadAsync(file, cancellationToken), SeedJson.Default);
        await services.GetRequiredService<DatabaseInitializer>().RunAsync(cancellationToken);
        var seeder = new Seeder(services, cancellationToken);
        var plan = await seeder.PlanAsync(input);
        if (plan.Errors.Count > 0)
        {
            foreach (var error in plan.Errors)
                await Console.Error.WriteLineAsync(error);
            await Console.Error.WriteLineAsync("Nothing was changed.");
            return 1;
        }

        foreach (var step in plan.Steps)
            Console.WriteLine(step.Text);
        if (plan.Steps.Count == 0)
            Console.WriteLine("Everything is there. Nothing to do.");
        if (plan.Steps.Count == 0 || dryRun)
            return 0;
        if (!yes && !await IsConfirmedAsync(plan.Steps.Count))
        {
            await Console.Error.WriteLineAsync("Nothing was changed.");
            return 1;
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

    private static async Task<bool> IsConfirmedAsync(int changes)
    {
        await Console.Error.WriteAsync($"Make these changes ({changes})? [y/N] ");
        return await Console.In.ReadLineAsync() is "y" or "Y" or "yes";
    }

    /// <exception cref="IOException">It cannot be read.</exception>
    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = File.OpenRead(file);
            var bytes = new byte[MaxLength + 1];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return length <= MaxLength ? bytes[..length] : throw new InvalidDataException("The file is larger than 16 MB.");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
