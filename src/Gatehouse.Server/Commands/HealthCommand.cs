using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Gatehouse.Core.Configuration;
using Gatehouse.Server.Hosting;
using Gatehouse.Web;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse health</c>: asks the server on this machine whether it is ready, for containers without another
/// program.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class HealthCommand
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var command = new Command("health", "Ask the server on this machine whether it is ready. Exit code 0 if it is, otherwise 1.");
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => AskAsync(options.Read(result), cancellationToken));
        return command;
    }

    // Reads what says where the server listens, and nothing else: this runs every few seconds.
    private static async Task<int> AskAsync(LaunchSettings launch, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(launch.Rooted())
            .Build();
        var http = SettingsCatalog.Read<HttpOptions>(configuration, "Http");
        if (!IPAddress.TryParse(http.Address, out var address) || http.Port is <= 0 or > IPEndPoint.MaxPort)
        {
            await Console.Error.WriteLineAsync("Http:Address and Http:Port must say where the server listens.");
            return 1;
        }

        // Every address of the machine includes its own.
        address =
            address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : address;
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler) { Timeout = MaxWait };
        try
        {
            using var answer = await client.GetAsync(
                new Uri($"http://{new IPEndPoint(address, http.Port)}/health/ready"),
                cancellationToken
            );
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                Console.WriteLine("ready");
                return 0;
            }

            await Console.Error.WriteLineAsync("not ready");
        }
        catch (HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"Nothing answers on {new IPEndPoint(address, http.Port)}.");
        }
        catch (TaskCanceledException)
        {
            await Console.Error.WriteLineAsync("The server does not answer.");
        }

        return 1;
    }
}
