using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Gatehouse.Development.Kafka;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse development-broker</c>: a broker for trying out the split form, until stopped.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class DevelopmentBrokerCommand
{
    public static Command Create()
    {
        var command = new Command(
            "development-broker",
            "Run a Kafka-protocol broker for development: in memory, on loopback, without passwords. Prints its address."
        );
        command.SetAction((_, _) => RunAsync());
        return command;
    }

    private static async Task<int> RunAsync()
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var broker = new DevelopmentBroker();
        await Console.Out.WriteLineAsync(broker.Servers);
        await stop.Task;
        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }
    }
}
