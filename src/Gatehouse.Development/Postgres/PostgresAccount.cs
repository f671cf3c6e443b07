using System.Diagnostics;

namespace Gatehouse.Development.Postgres;

internal sealed record ProgramResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>
/// The machine account that PostgreSQL's programs run under: the one of this process, or <c>postgres</c> when that is root,
/// because they reject root. <c>setpriv</c> becomes the program, where <c>runuser</c> would stay behind as its parent.
/// </summary>
internal sealed record PostgresAccount(string Name, bool Switch)
{
    public static PostgresAccount OfThisProcess { get; } =
        Environment.IsPrivilegedProcess ? new("postgres", Switch: true) : new(Environment.UserName, Switch: false);

    /// <summary>A command in a process session of its own, so that Ctrl-C in the terminal reaches this process only.</summary>
    public ProcessStartInfo Command(string program, params IEnumerable<string> arguments)
    {
        string[] switching = Switch ? ["setpriv", $"--reuid={Name}", $"--regid={Name}", "--init-groups", "--inh-caps=-all"] : [];
        return Plain("setsid", [.. switching, program, .. arguments]);
    }

    public Task<ProgramResult> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(Command(program, arguments), cancellationToken);

    /// <summary>Runs a command as this process's own account to its end and returns what it printed.</summary>
    public static Task<ProgramResult> RunAsSelfAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(Plain(program, arguments), cancellationToken);

    private static async Task<ProgramResult> RunAsync(ProcessStartInfo command, CancellationToken cancellationToken)
    {
        using var process = Process.Start(command)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ProgramResult(process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static ProcessStartInfo Plain(string program, IEnumerable<string> arguments)
    {
        var command = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };

        // PG* variables would change what the programs do, and settings of this process may be secrets.
        var path = command.Environment["PATH"];
        command.Environment.Clear();
        command.Environment["PATH"] = path;
        command.Environment["LC_ALL"] = "C";
        return command;
    }
}

/// <summary>Owner, permissions (octal) and kind of a file, symbolic links not followed.</summary>
internal sealed record FileFacts
{
    public required string Owner { get; init; }

    public required string Mode { get; init; }

    public required string Kind { get; init; }

    public bool IsPrivateFolderOf(string owner) => Owner == owner && this is { Mode: "700", Kind: "directory" };

    public static async Task<FileFacts> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var result = await PostgresAccount.RunAsSelfAsync("stat", ["--format=%U\n%a\n%F", "--", path], cancellationToken);
        return result.Output.Split('\n') is [var owner, var mode, var kind]
            ? new FileFacts
            {
                Owner = owner,
                Mode = mode,
                Kind = kind,
            }
            : throw new IOException(result.Output);
    }
}
