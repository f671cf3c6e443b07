using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Core.Startup;
using Gatehouse.Identity.Tokens;
using Gatehouse.Server.Hosting;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse keys</c>: signing keys.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Manage signing keys.") { CreateRotate() };

    private static Command CreateRotate()
    {
        var command = new Command(
            "rotate",
            "Switch to the next signing key as soon as all services can know it. All tokens stay valid. Running servers pick up the change."
        );
        var now = new Option<bool>("--now")
        {
            Description =
                "Emergency, if a key may have leaked: replace all signing keys now. All access tokens become invalid; "
                + "sessions and refresh tokens stay valid.",
        };
        command.Options.Add(now);
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction(
            (result, cancellationToken) =>
                InstallationCommand.RunAsync(
                    options.Read(result),
                    (services, stop) => RotateAsync(services, result.GetValue(now), stop),
                    cancellationToken,
                    "identity"
                )
        );
        return command;
    }

    private static async Task<int> RotateAsync(IServiceProvider services, bool now, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<DatabaseInitializer>().RunAsync(cancellationToken);
        var rotation = services.GetRequiredService<RotateKeys>();
        if (now)
        {
            await rotation.ReplaceAsync(cancellationToken);
            Console.WriteLine("All signing keys were replaced. Earlier access tokens are rejected; clients refresh them and continue.");
        }
        else
        {
            var signsFrom = await rotation.BringForwardAsync(cancellationToken);
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"The next key is used from {signsFrom.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.")
            );
        }

        return 0;
    }
}
