using System.CommandLine;
using Gatehouse.Server.Hosting;

namespace Gatehouse.Server.Commands;

/// <summary>Options of all commands.</summary>
internal sealed class CommonOptions
{
    private readonly Option<bool> development = new("--dev")
    {
        Description = "Development mode: private PostgreSQL server in the data folder, development inbox, loopback only.",
    };

    private readonly Option<string> data = new("--data")
    {
        Description = "The data folder of development mode.",
        DefaultValueFactory = _ => ".data",
    };

    // A string: what is no port is rejected as the setting would be.
    private readonly Option<string?> port = new("--port")
    {
        Description = "Port to listen on; 0 selects any free port. Same as --set Http:Port=…",
    };

    private readonly Option<string?> modules = new("--modules")
    {
        Description =
            "Modules of this process: identity,organizations,openid,audit or notifications. Default: all. Same as --set Split:Modules=…",
    };

    private readonly Option<string[]> set = new("--set")
    {
        Description = "Setting as Name=value, such as Database:CommandTimeoutSeconds=5. Can be repeated.",
        DefaultValueFactory = _ => [],
    };

    public CommonOptions()
    {
        // The value is not echoed: it may be a secret.
        set.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => t.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
                result.AddError("--set requires Name=value.");
        });
        data.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => string.IsNullOrWhiteSpace(t.Value)))
                result.AddError("--data requires the path of a folder.");
        });
    }

    public void AddTo(Command command)
    {
        command.Options.Add(development);
        command.Options.Add(data);
        command.Options.Add(port);
        command.Options.Add(modules);
        command.Options.Add(set);
    }

    public LaunchSettings Read(ParseResult result)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in result.GetValue(set) ?? [])
        {
            var separator = pair.IndexOf('=', StringComparison.Ordinal);
            settings[pair[..separator]] = pair[(separator + 1)..];
        }

        if (result.GetValue(port) is { } chosen)
            settings["Http:Port"] = chosen;
        if (result.GetValue(modules) is { } named)
            settings["Split:Modules"] = named;
        return new LaunchSettings(result.GetValue(development), result.GetValue(data)!, settings);
    }
}
