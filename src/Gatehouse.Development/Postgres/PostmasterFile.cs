using System.Globalization;

namespace Gatehouse.Development.Postgres;

/// <summary>What PostgreSQL's main process writes into <c>postmaster.pid</c> (src/include/utils/pidfile.h names the lines).</summary>
internal sealed record PostmasterFile
{
    public const string Name = "postmaster.pid";

    public required int ProcessId { get; init; }

    /// <summary>Null until the server has opened its socket.</summary>
    public required string? SocketFolder { get; init; }

    public required string Status { get; init; }

    public bool IsStopping => Status == "stopping";

    public bool IsReady => Status == "ready";

    public static PostmasterFile? Parse(string text)
    {
        var lines = text.Split('\n');
        return int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
            ? new PostmasterFile
            {
                ProcessId = processId,
                SocketFolder = Line(4) is { Length: > 0 } folder ? folder : null,
                Status = Line(7).TrimEnd(),
            }
            : null;

        string Line(int index) => index < lines.Length ? lines[index] : "";
    }

    /// <summary>The file of this cluster, or null when there is none.</summary>
    public static PostmasterFile? Read(string cluster)
    {
        try
        {
            return Parse(File.ReadAllText(Path.Combine(cluster, Name)));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The command line of the process that has this number now, which need not be a server: numbers are used again.</summary>
    public string CommandLine()
    {
        try
        {
            return File.ReadAllText($"/proc/{ProcessId.ToString(CultureInfo.InvariantCulture)}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    public static bool IsServerOf(string commandLine, string cluster)
    {
        var words = commandLine.Split('\0');
        return IsServer(commandLine) && words.Zip(words.Skip(1)).Any(pair => pair is { First: "-D" } && pair.Second == cluster);
    }

    public static bool IsServer(string commandLine) => Path.GetFileName(commandLine.Split('\0')[0]) is "postgres" or "postmaster";
}
