using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Gatehouse.Core.Startup;
using Gatehouse.Identity.Administration;
using Gatehouse.Server.Hosting;
using Gatehouse.Split;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse serve</c>: runs until stopped.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static partial class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Start the server. Ctrl-C or SIGTERM stops it.");
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction((result, _) => RunAsync(options.Read(result)));
        return command;
    }

    private static async Task<int> RunAsync(LaunchSettings launch)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        try
        {
            await using var ground = await DevelopmentEnvironment.PrepareAsync(launch, stop.Token);
            if (ground.Error is { } error)
            {
                await Console.Error.WriteLineAsync(error.ToString());
                return 1;
            }

            await using var app = GatehouseHost.Build(launch, ground.Settings);
            await app.StartAsync(stop.Token);
            Announce(app, launch);
            await app.WaitForShutdownAsync(stop.Token);
            return HasFailed(app.Services, stop.IsCancellationRequested) ? 1 : 0;
        }
        catch (Exception e) when (StartupFailure.Explain(e) is { } words)
        {
            await Console.Error.WriteLineAsync(words);
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }

        void Stop(PosixSignalContext context)
        {
            // The process ends when everything it holds has ended, not by the signal.
            context.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Whether the server ended by itself: its start turned out to be impossible, or a part failed that it is nothing without.
    /// Who keeps it running must not take that for an end that was asked for.</summary>
    internal static bool HasFailed(IServiceProvider services, bool wasAsked) =>
        services.GetRequiredService<StartupStatus>().Reason is not null
        || (
            !wasAsked && services.GetServices<IHostedService>().OfType<BackgroundService>().Any(part => part.ExecuteTask?.IsFaulted == true)
        );

    private static void Announce(WebApplication app, LaunchSettings launch)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        var main = addresses[0].Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        if (!launch.Development)
        {
            // Standard output is the log there, a JSON object a line.
            Log.Serves(app.Logger, addresses[0], addresses[1]);
            return;
        }

        var split = app.Services.GetRequiredService<SplitOptions>();
        var (runsIdentity, runsNotifications) = (split.Runs("identity"), split.Runs("notifications"));
        var modules = split.Modules.Length == 0 ? "" : $" with the modules {string.Join(", ", split.Modules)}";
        Console.WriteLine(
            $$"""

            Gatehouse is running on {{main}} in development mode{{modules}}. Press Ctrl-C to stop.

              {{main}}/docs               HTTP API and events
            {{(runsNotifications ? $"  {main}/inbox              development inbox\n" : "")}}  {{addresses[1]}}/health        health details
              {{addresses[1]}}/metrics       metrics
              {{Path.GetFullPath(launch.DataFolder)}}   data folder

            """
        );
        if (app.Services.GetService<FirstAdministratorLink>()?.PathAndQuery is { } link)
            Console.WriteLine($"Create the first administrator (this link works once):\n\n  {main}{link}\n");
        if (!runsIdentity || !runsNotifications)
            return;
        Console.WriteLine(
            $$"""
            Register a user:

              curl -s {{main}}/v1/registrations -H 'Content-Type: application/json' \
                -d '{"email":"ada@example.com","name":"Ada","password":"a tall bridge over calm water"}'

            Read the code from the inbox, then send it with the registrationId of the first response:

              curl -s '{{main}}/inbox/messages?to=ada@example.com'
              curl -s {{main}}/v1/registrations/REGISTRATION_ID/verify -H 'Content-Type: application/json' -d '{"code":"CODE"}'

            """
        );
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Listening on {Address}; management on {ManagementAddress}")]
        public static partial void Serves(ILogger logger, string address, string managementAddress);
    }
}
