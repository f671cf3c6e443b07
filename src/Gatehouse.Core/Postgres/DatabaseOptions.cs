using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Core.Postgres;

/// <summary>Database. PostgreSQL 15 or later.</summary>
public sealed class DatabaseOptions : ICheckSettings
{
    /// <summary>Npgsql connection string of the main database. Required outside development mode, which runs a private server.</summary>
    [Secret]
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Npgsql connection string of the key store. Empty: the name of the main database followed by <c>_keys</c>, on the same server.
    /// Use a server with short backup retention: the data of a deleted user becomes unreadable once the last backup of this database is
    /// gone.
    /// </summary>
    [Secret]
    public string KeysConnectionString { get; set; } = "";

    /// <summary>Maximum number of connections per node to each of the two databases: 2 to 500, default 40.</summary>
    [Range(2, 500)]
    public int MaxConnections { get; set; } = 40;

    /// <summary>Timeout of a statement in seconds, after which the request fails with 503: 1 to 600, default 15.</summary>
    [Range(1, 600)]
    public int CommandTimeoutSeconds { get; set; } = 15;

    /// <summary>
    /// Whether the schema is migrated at startup, under a lock. Default true. If false, the server does not start with an outdated
    /// schema; run <c>gatehouse migrate</c>.
    /// </summary>
    public bool MigrateAtStart { get; set; } = true;

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        const string Usable =
            "must be an Npgsql connection string with Host and Database, such as "
            + "Host=db.example.com;Database=gatehouse;Username=gatehouse;Password=...";
        if (ConnectionString.Length > 0 && !DataSources.CanUse(ConnectionString, this))
            yield return new ValidationResult(Usable, [nameof(ConnectionString)]);
        if (KeysConnectionString.Length > 0 && !DataSources.CanUse(KeysConnectionString, this))
            yield return new ValidationResult(Usable, [nameof(KeysConnectionString)]);
    }
}
