using System.Globalization;
using System.Text.RegularExpressions;

namespace Gatehouse.Development.Postgres;

/// <summary>One installed PostgreSQL: the folder of its programs and its major version.</summary>
internal sealed partial record PostgresPrograms(string Folder, int Major)
{
    public const int OldestMajor = 15;

    private const string Packages = "/usr/lib/postgresql";

    private static readonly string[] Needed = ["postgres", "initdb", "pg_ctl"];

    public string Postgres => Path.Combine(Folder, "postgres");

    public string InitDb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>The one to use: of the existing cluster's major version, else the newest; the first named wins a tie.</summary>
    public static PostgresPrograms? Choose(IEnumerable<PostgresPrograms> installed, int? clusterMajor) =>
        installed
            .Where(found => clusterMajor is null ? found.Major >= OldestMajor : found.Major == clusterMajor)
            .MaxBy(found => found.Major);

    /// <summary>The distribution's packages first, then whatever <c>PATH</c> leads to.</summary>
    public static async Task<IReadOnlyList<PostgresPrograms>> FindAsync(CancellationToken cancellationToken)
    {
        List<PostgresPrograms> found = [];
        if (Directory.Exists(Packages))
        {
            found.AddRange(
                from folder in Directory.EnumerateDirectories(Packages)
                let major = ParseMajor(Path.GetFileName(folder))
                let programs = Path.Combine(folder, "bin")
                where major is not null && IsComplete(programs)
                select new PostgresPrograms(programs, major.Value)
            );
        }

        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted).Where(IsComplete))
        {
            var version = await PostgresAccount.RunAsSelfAsync(Path.Combine(folder, "postgres"), ["--version"], cancellationToken);
            if (ParseVersion(version.Output) is { } major)
                found.Add(new PostgresPrograms(folder, major));
        }

        return found;
    }

    /// <summary>The major version in <c>postgres --version</c>, such as 16 in "postgres (PostgreSQL) 16.4 (Ubuntu …)".</summary>
    public static int? ParseVersion(string output) => ParseMajor(Version.Match(output).Groups["major"].Value);

    /// <summary>A major version as a folder's name or a cluster's <c>PG_VERSION</c> states it; null for "9.6" and the like.</summary>
    public static int? ParseMajor(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;

    private static bool IsComplete(string folder) => Needed.All(program => File.Exists(Path.Combine(folder, program)));

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version { get; }
}
