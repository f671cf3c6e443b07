using System.Globalization;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Redis;
using Gatehouse.Encryption;
using Gatehouse.Messaging;
using Npgsql;

namespace Gatehouse.Web.Health;

public enum FindingLevel
{
    Good,
    Advice,
    Error,
}

/// <param name="Remedy">What to do; null when nothing is.</param>
public sealed record Finding(string Subject, FindingLevel Level, string Text, string? Remedy = null);

/// <summary>What a module has to say of the installation.</summary>
public interface IInstallationCheck
{
    Task<Finding> ExamineAsync(CancellationToken cancellationToken);
}

/// <summary>Looks an installation over and says what to do. Changes nothing.</summary>
public sealed class Doctor(
    DataSources sources,
    Migrator migrator,
    Backlog backlog,
    ClockSkew skew,
    HttpOptions http,
    ProxyOptions proxies,
    RedisConnection redis,
    IEnumerable<IInstallationCheck> checks,
    MasterKeys? masterKeys = null,
    WrappedKeys? wrappedKeys = null
)
{
    private const int OldestMajor = 15;
    private const string HugePages = "/sys/kernel/mm/transparent_hugepage/enabled";

    public async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var main = await DatabaseAsync("database", sources.Main, "Database:ConnectionString", findings, cancellationToken);
        var keys =
            !sources.HasKeys
            || await DatabaseAsync("key store", sources.Keys, "Database:KeysConnectionString", findings, cancellationToken);
        if (main)
            await ClockAsync(findings, cancellationToken);
        if (main && keys)
            await SchemaAsync(findings, cancellationToken);
        if (redis.IsConfigured)
            findings.Add(await RedisAsync());
        foreach (var check in checks)
            findings.Add(await check.ExamineAsync(cancellationToken));
        findings.Add(Proxies());
        findings.Add(await HugePagesAsync(cancellationToken));
        return findings;
    }

    private static async Task<bool> DatabaseAsync(
        string subject,
        NpgsqlDataSource source,
        string setting,
        List<Finding> findings,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var version = connection.PostgreSqlVersion;
            findings.Add(
                version.Major >= OldestMajor
                    ? new Finding(subject, FindingLevel.Good, $"PostgreSQL {version} is available")
                    : new Finding(subject, FindingLevel.Error, $"PostgreSQL {version} is too old", $"Upgrade it to {OldestMajor} or later.")
            );
            if (Migrator.WrongEncoding(connection) is not { } encoding)
                return version.Major >= OldestMajor;
            findings.Add(new Finding(subject, FindingLevel.Error, $"has the encoding {encoding}", Migrator.EncodingRemedy));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            findings.Add(
                new Finding(subject, FindingLevel.Error, "the database does not exist", $"Create it (createdb), or correct {setting}.")
            );
        }
        catch (Exception e) when (e is NpgsqlException || DatabaseFailure.IsAway(e))
        {
            findings.Add(
                new Finding(
                    subject,
                    FindingLevel.Error,
                    e.Message,
                    $"Check that the server is running and that {setting} names it and a user that can connect."
                )
            );
        }

        return false;
    }

    private async Task ClockAsync(List<Finding> findings, CancellationToken cancellationToken)
    {
        await skew.MeasureAsync(sources, cancellationToken);
        findings.Add(
            skew.IsTooLarge
                ? new Finding("clock", FindingLevel.Error, skew.Text, "Synchronize both machines (chrony or systemd-timesyncd).")
                : new Finding("clock", FindingLevel.Good, "in sync with the database")
        );
    }

    private static async Task<Finding> KeysAsync(MasterKeys masterKeys, WrappedKeys wrappedKeys, CancellationToken cancellationToken)
    {
        try
        {
            await wrappedKeys.CheckAsync(cancellationToken);
        }
        catch (MasterKeyException e)
        {
            return new Finding("keys", FindingLevel.Error, e.Message);
        }

        var older = (await wrappedKeys.CountAsync(cancellationToken))
            .Where(k => k.Key != masterKeys.CurrentId)
            .Select(k => string.Create(CultureInfo.InvariantCulture, $"{k.Value:N0} with '{k.Key}'"))
            .ToList();
        return older.Count == 0
            ? new Finding("keys", FindingLevel.Good, $"all are encrypted with the master key '{masterKeys.CurrentId}', which opens them")
            : new Finding(
                "keys",
                FindingLevel.Advice,
                "keys are still encrypted with an older master key: " + string.Join(", ", older),
                "Keep it in Keys:Master until gatehouse keys rewrap has re-encrypted them."
            );
    }

    private async Task SchemaAsync(List<Finding> findings, CancellationToken cancellationToken)
    {
        var differences = await migrator.DifferencesAsync(cancellationToken);
        findings.AddRange(differences.Select(d => new Finding("schema", FindingLevel.Error, d)));
        if (differences.Count > 0)
            return;

        findings.Add(new Finding("schema", FindingLevel.Good, "up to date"));
        if (masterKeys is not null && wrappedKeys is not null)
            findings.Add(await KeysAsync(masterKeys, wrappedKeys, cancellationToken));

        var levels = await backlog.ReadAsync(cancellationToken);
        findings.Add(
            levels.DeadDeliveries + levels.DeadJobs == 0
                ? new Finding("delivery", FindingLevel.Good, "no dead letters")
                : new Finding(
                    "delivery",
                    FindingLevel.Advice,
                    $"{levels.DeadDeliveries} deliveries and {levels.DeadJobs} jobs are dead letters",
                    "Look at runtime.parked and runtime.jobs where state is dead; their reason column says why."
                )
        );
    }

    private async Task<Finding> RedisAsync() =>
        await redis.PingAsync() is { } version
            ? new Finding("redis", FindingLevel.Good, $"Redis {version} is available")
            : new Finding(
                "redis",
                FindingLevel.Error,
                redis.Look().Reason ?? "does not answer",
                "Check that the server is running and that the settings under Redis name it and a user that can connect."
            );

    // The server itself speaks HTTP without TLS, so where users use https a proxy ends it.
    private Finding Proxies() =>
        http.PublicUrl?.Scheme == Uri.UriSchemeHttps && proxies.Trusted.Length == 0
            ? new Finding(
                "proxies",
                FindingLevel.Advice,
                $"none is trusted, although {http.PublicUrl} needs one that ends TLS: "
                    + "rate limits and sessions see its address instead of its clients', and forms from other addresses are rejected",
                "Set Proxies:Trusted (GATEHOUSE__PROXIES__TRUSTED) to the address or network that the proxy connects from, "
                    + "and let it set X-Forwarded-For, -Proto and -Host."
            )
            : new Finding(
                "proxies",
                FindingLevel.Good,
                proxies.Trusted.Length == 0 ? "none is needed without https" : "trusted: " + string.Join(", ", proxies.Trusted)
            );

    // Half of a password hash's time goes into mapping memory in 4 KiB pages (docs/capacity.md).
    private static async Task<Finding> HugePagesAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(HugePages))
            return new Finding(
                "huge pages",
                FindingLevel.Advice,
                "not supported by this kernel",
                "Password hashing runs at about half speed."
            );
        var setting = await File.ReadAllTextAsync(HugePages, cancellationToken);
        return setting.Contains("[always]", StringComparison.Ordinal)
            ? new Finding("huge pages", FindingLevel.Good, "used for all memory")
            : new Finding(
                "huge pages",
                FindingLevel.Advice,
                "not used for password hashing, which runs at about half speed",
                $"echo always > {HugePages} (and a boot-time setting to keep it)"
            );
    }
}
