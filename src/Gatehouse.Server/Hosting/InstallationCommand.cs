using System.Diagnostics.CodeAnalysis;
using Gatehouse.Split;

namespace Gatehouse.Server.Hosting;

/// <summary>Runs a command against an installation: its settings and services, without serving. Standard output is for what the command
/// answers.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class InstallationCommand
{
    /// <param name="module">The module that the command belongs to; null if it works with any.</param>
    public static async Task<int> RunAsync(
        LaunchSettings launch,
        Func<IServiceProvider, CancellationToken, Task<int>> command,
        CancellationToken cancellationToken,
        string? module = null
    )
    {
        launch = launch with { OutputIsAnswer = true };
        try
        {
            await using var ground = await DevelopmentEnvironment.PrepareAsync(launch, cancellationToken);
            if (ground.Error is { } error)
            {
                await Console.Error.WriteLineAsync(error.ToString());
                return 1;
            }

            await using var app = GatehouseHost.Build(launch, ground.Settings);
            if (module is not null && !app.Services.GetRequiredService<SplitOptions>().Runs(module))
            {
                await Console.Error.WriteLineAsync(
                    $"This command needs the module {module}: run it with the settings of the process that has it."
                );
                return 1;
            }

            return await command(app.Services, cancellationToken);
        }
        catch (Exception e) when (StartupFailure.Explain(e) is { } words)
        {
            await Console.Error.WriteLineAsync(words);
            return 1;
        }
    }
}
