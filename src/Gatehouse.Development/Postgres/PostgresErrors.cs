namespace Gatehouse.Development.Postgres;

/// <summary>What keeps the private PostgreSQL from starting, in words for the operator.</summary>
internal static class PostgresErrors
{
    public static StartupError NotInstalled { get; } = new(
        $"PostgreSQL {PostgresPrograms.OldestMajor} or later is not installed: neither /usr/lib/postgresql nor PATH has postgres, initdb and pg_ctl.",
        "Install it: apt-get install postgresql");

    public static StartupError OtherMajor(string cluster, int clusterMajor, IEnumerable<int> installed) => new(
        $"The database in {cluster} was made by PostgreSQL {clusterMajor}; installed: {string.Join(", ", installed.Order().DefaultIfEmpty())}.",
        $"""
        Either install that version again: apt-get install postgresql-{clusterMajor}
        or upgrade the data: make a new cluster with the new version's initdb (--username={EmbeddedPostgres.Superuser} --encoding=UTF8
        --locale=C.UTF-8 --data-checksums), run the new version's pg_upgrade from the old folder to the new one with both versions
        installed, or load a dump of pg_dumpall into it, and put it in the old one's place.
        """);

    public static StartupError ForeignOwner(string path, string owner, string runningAs) => new(
        $"{path} belongs to the user {owner}, but this would use it as {runningAs}.",
        $"Run as {owner}, or name another folder: make run DATA=/some/folder");

    public static StartupError Unreachable(string parent, string account) => new(
        $"PostgreSQL does not run as root but as the user {account}, and that user may not enter {parent}.",
        $"Name a data folder that everybody can reach, such as make run DATA=/var/lib/gatehouse, or allow passing through: chmod o+x {parent}");

    public static StartupError UnsafeSocketFolder(string path, string account) => new(
        $"The folder {path}, needed for PostgreSQL's socket because the data folder's own path is too long, is not a private folder of {account}.",
        "Remove it, or name a data folder with a shorter path: make run DATA=/some/folder");

    /// <summary>A failure that PostgreSQL's own programs report, with the remedy where the cause is a known one.</summary>
    public static StartupError Reported(string problem, string output)
    {
        return new StartupError($"{problem}:\n{output}", Remedy());

        bool Says(string words) => output.Contains(words, StringComparison.OrdinalIgnoreCase);

        string Remedy() => output switch
        {
            _ when Says("No space left on device") || Says("Disk quota exceeded") =>
                "The disk is full: free some space (df -h shows where) and start again. Nothing is lost.",
            _ when Says("Read-only file system") => "Name a data folder on a disk that can be written: make run DATA=/some/folder",
            _ when Says("Permission denied") || Says("wrong ownership") || Says("invalid permissions") =>
                "The data folder's files belong to another user or were given other permissions: restore them, or name another folder with DATA=.",
            _ when Says("Cannot allocate memory") || Says("could not map anonymous shared memory") =>
                "There is too little memory for PostgreSQL (about 200 MB): stop something else and start again.",
            _ when Says("No such user") || Says("failed to parse reuid") || Says("unknown user") =>
                "The user postgres, which the package creates, is missing: apt-get install --reinstall postgresql-common",
            _ when Says("another postmaster") => "Another program runs a PostgreSQL server on this folder: stop that one first.",
            _ => "The lines above are PostgreSQL's own; its log is in the data folder under postgres/log.",
        };
    }

    /// <summary>After a crash of the main process alone, its children need a moment to notice and let go.</summary>
    public static bool IsStillHeldByChildren(string output) => output.Contains("pre-existing shared memory block", StringComparison.Ordinal);
}
