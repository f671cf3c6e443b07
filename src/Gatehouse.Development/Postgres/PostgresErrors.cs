namespace Gatehouse.Development.Postgres;

/// <summary>What keeps the private PostgreSQL from starting, in words for the operator.</summary>
internal static class PostgresErrors
{
    public static StartupError NotInstalled { get; } =
        new(
            $"PostgreSQL {PostgresPrograms.OldestMajor} or later is not installed: "
                + "neither /usr/lib/postgresql nor PATH has postgres, initdb and pg_ctl.",
            "Install it: apt-get install postgresql"
        );

    public static StartupError OtherMajor(string cluster, int clusterMajor, IEnumerable<int> installed) =>
        new(
            $"The database in {cluster} was created by PostgreSQL {clusterMajor}; installed: "
                + $"{string.Join(", ", installed.Order().DefaultIfEmpty())}.",
            $"""
            Either install that version again: apt-get install postgresql-{clusterMajor}
            or upgrade the data: make a new cluster with the new version's initdb (--username={EmbeddedPostgres.Superuser} --encoding=UTF8
            --locale=C.UTF-8 --data-checksums), run the new version's pg_upgrade from the old folder to the new one with both versions
            installed, or load a dump of pg_dumpall into it, and put it in the old one's place.
            """
        );

    public static StartupError ForeignOwner(string path, string owner, string runningAs) =>
        new(
            $"{path} belongs to the user {owner}, but Gatehouse is running as {runningAs}.",
            $"Run as {owner}, or use another folder: make run DATA=/some/folder"
        );

    public static StartupError Unreachable(string parent, string account) =>
        new(
            $"PostgreSQL runs as the user {account} instead of root, and that user has no access to {parent}.",
            $"Use a data folder that all users can reach, such as make run DATA=/var/lib/gatehouse, or allow access: chmod o+x {parent}"
        );

    public static StartupError UnsafeSocketFolder(string path, string account) =>
        new(
            $"The folder {path}, needed for PostgreSQL's socket because the data folder's own path is too long, "
                + $"is not a private folder of {account}.",
            "Remove it, or name a data folder with a shorter path: make run DATA=/some/folder"
        );

    /// <summary>A failure that PostgreSQL's own programs report, with the remedy where the cause is a known one.</summary>
    public static StartupError Reported(string problem, string output)
    {
        return new StartupError($"{problem}:\n{output}", Remedy());

        bool Says(string words) => output.Contains(words, StringComparison.OrdinalIgnoreCase);

        string Remedy() =>
            output switch
            {
                _ when Says("No space left on device") || Says("Disk quota exceeded") =>
                    "The disk is full: free some space (see df -h) and start again. No data is lost.",
                _ when Says("Read-only file system") => "Use a data folder on a writable disk: make run DATA=/some/folder",
                _ when Says("Permission denied") || Says("wrong ownership") || Says("invalid permissions") =>
                    "The data folder's files belong to another user or were given other permissions: "
                        + "restore them, or name another folder with DATA=.",
                _ when Says("Cannot allocate memory") || Says("could not map anonymous shared memory") =>
                    "There is not enough memory for PostgreSQL (about 200 MB): stop other programs and start again.",
                _ when Says("No such user") || Says("failed to parse reuid") || Says("unknown user") =>
                    "The user postgres, which the package creates, is missing: apt-get install --reinstall postgresql-common",
                _ when Says("another postmaster") => "Another PostgreSQL server uses this folder: stop it first.",
                _ => "The lines above are from PostgreSQL; its log is in the data folder under postgres/log.",
            };
    }

    /// <summary>After a crash of the main process alone, its children need a moment to notice and let go.</summary>
    public static bool IsStillHeldByChildren(string output) =>
        output.Contains("pre-existing shared memory block", StringComparison.Ordinal);
}
