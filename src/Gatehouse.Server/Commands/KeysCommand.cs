using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Core.Startup;
using Gatehouse.Identity.Tokens;
using Gatehouse.Server.Hosting;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse keys</c>: the keys of this installation.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "A command speaks to its terminal.")]
internal static class KeysCommand
{
    public static Command Create() => new("keys", "The keys of this installation.") { CreateRotate() };

    private static Command CreateRotate()
    {
        var command = new Command(
            "rotate", "Let the next signing key sign as soon as every service can know it. No token is refused. Servers may be running; they follow by themselves.");
        var now = new Option<bool>("--now")
        {
            Description = "Emergency: replace all signing keys at once, because one may have leaked. Every access token ends; sessions and refresh tokens stay.",
        };
        command.Options.Add(now);
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => InstallationCommand.RunAsync(
            options.Read(result), (services, stop) => RotateAsync(services, result.GetValue(now), stop), cancellationToken));
        return command;
    }

    private static async Task<int> RotateAsync(IServiceProvider services, bool now, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<DatabaseInitializer>().RunAsync(cancellationToken);
        var rotation = services.GetRequiredService<RotateKeys>();
        if (now)
        {
            await rotation.ReplaceAsync(cancellationToken);
            Console.WriteLine("All signing keys are new. Access tokens issued before are refused; clients refresh and go on.");
        }
        else
        {
            var signsFrom = await rotation.BringForwardAsync(cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The next key signs from {signsFrom.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC on."));
        }

        return 0;
    }
}
