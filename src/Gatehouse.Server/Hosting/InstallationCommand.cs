using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Server.Hosting;

/// <summary>Runs a command against an installation: its settings and services, without serving. Standard output is for what the command
/// answers.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class InstallationCommand
{
    public static async Task<int> RunAsync(
        LaunchSettings launch,
        Func<IServiceProvider, CancellationToken, Task<int>> command,
        CancellationToken cancellationToken
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
            return await command(app.Services, cancellationToken);
        }
        catch (Exception e) when (StartupFailure.Explain(e) is { } words)
        {
            await Console.Error.WriteLineAsync(words);
            return 1;
        }
    }
}
