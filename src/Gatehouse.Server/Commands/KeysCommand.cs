using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Core.Startup;
using Gatehouse.Encryption;
using Gatehouse.Identity.Tokens;
using Gatehouse.Server.Hosting;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse keys</c>: signing keys, and the master keys that encrypt all stored keys.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Manage keys.") { CreateRotate(), CreateRewrap() };

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

    private static Command CreateRewrap()
    {
        var command = new Command(
            "rewrap",
            "Encrypt all stored keys with the first master key, so that older ones can be removed. Safe beside running servers; "
                + "after an interruption, run it again."
        );
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction(
            (result, cancellationToken) => InstallationCommand.RunAsync(options.Read(result), RewrapAsync, cancellationToken, "identity")
        );
        return command;
    }

    private static async Task<int> RewrapAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<DatabaseInitializer>().RunAsync(cancellationToken);
        var current = services.GetRequiredService<MasterKeys>().CurrentId;
        var stored = services.GetRequiredService<WrappedKeys>();
        var before = await stored.CountAsync(cancellationToken);
        var progress = new Progress(
            before.Values.Sum() - before.GetValueOrDefault(current),
            services.GetRequiredService<TimeProvider>(),
            Console.Out
        );
        await services.GetRequiredService<RewrapKeys>().RunAsync(progress.Report, cancellationToken);
        progress.End();

        var after = await stored.CountAsync(cancellationToken);
        var left = after.Where(k => k.Key != current).ToList();
        foreach (var (id, keys) in left)
            await Console.Error.WriteLineAsync(
                Text(
                    $"{keys:N0} keys are still encrypted with the master key '{id}'. Do all servers have '{current}' first? Run this again."
                )
            );
        if (left.Count > 0)
            return 1;

        Console.WriteLine(Text($"All {after.Values.Sum():N0} keys are encrypted with the master key '{current}'."));
        foreach (var id in services.GetRequiredService<MasterKeys>().OlderIds)
            Console.WriteLine(
                $"'{id}' may be removed from Keys:Master once every server has '{current}' first. "
                    + "Keep a copy of it as long as there are backups of the key store from before."
            );
        return 0;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes how far it came, every few seconds and at the end.</summary>
    internal sealed class Progress(long total, TimeProvider clock, TextWriter output)
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

        private readonly long began = clock.GetTimestamp();
        private long written = clock.GetTimestamp();
        private long done;

        public void Report(int count)
        {
            done += count;
            if (clock.GetElapsedTime(written) >= Interval)
                Write();
        }

        public void End()
        {
            if (done > 0)
                Write();
        }

        private void Write()
        {
            written = clock.GetTimestamp();
            var perSecond = done / Math.Max(clock.GetElapsedTime(began).TotalSeconds, 0.001);
            output.WriteLine(Text($"{done:N0} keys re-encrypted, {Math.Max(total - done, 0):N0} left, {perSecond:N0}/s"));
        }
    }
}
