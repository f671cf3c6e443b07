using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Core.Postgres;

/// <summary>Where the data lives. PostgreSQL 15 or later.</summary>
public sealed class DatabaseOptions : ICheckSettings
{
    /// <summary>Npgsql connection string of the main database. Required outside development mode, which runs a private server.</summary>
    [Secret]
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Npgsql connection string of the key store. Empty: the database named like the main one with <c>_keys</c> behind it, on the same server.
    /// Give it a server with short backup retention: an erased person is unreadable once the last backup of this database is gone.
    /// </summary>
    [Secret]
    public string KeysConnectionString { get; set; } = "";

    /// <summary>Connections each node keeps at most to each of the two databases: 2 to 500, default 40.</summary>
    [Range(2, 500)]
    public int MaxConnections { get; set; } = 40;

    /// <summary>Seconds a statement may take before it is given up and the caller gets 503: 1 to 600, default 15.</summary>
    [Range(1, 600)]
    public int CommandTimeoutSeconds { get; set; } = 15;

    /// <summary>Bring the schema up to date at start, under a lock. Default true; when false, an outdated schema stops the start and <c>gatehouse migrate</c> is run by hand.</summary>
    public bool MigrateAtStart { get; set; } = true;

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        const string Usable = "must be an Npgsql connection string with Host and Database, such as Host=db.example.com;Database=gatehouse;Username=gatehouse;Password=...";
        if (ConnectionString.Length > 0 && !DataSources.CanUse(ConnectionString, this)) yield return new ValidationResult(Usable, [nameof(ConnectionString)]);
        if (KeysConnectionString.Length > 0 && !DataSources.CanUse(KeysConnectionString, this)) yield return new ValidationResult(Usable, [nameof(KeysConnectionString)]);
    }
}
