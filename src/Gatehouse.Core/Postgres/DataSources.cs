using System.Globalization;
using System.Net;
using System.Text;
using Npgsql;

namespace Gatehouse.Core.Postgres;

/// <summary>The two databases: the main one, and the key store apart from it, which only the process with the keys has.</summary>
public sealed class DataSources : IAsyncDisposable
{
    // The library's own.
    private const int MinBuffer = 4096;

    private readonly NpgsqlDataSource listeners;
    private readonly NpgsqlDataSource? keys;

    /// <param name="configure">What whoever builds the services adds to all of them.</param>
    public DataSources(DatabaseOptions options, KeyStorePresence keyStore, Action<NpgsqlDataSourceBuilder>? configure = null)
    {
        Main = Create("main", Settings(options.ConnectionString, options), configure);
        if (keyStore.IsHere)
            keys = Create("keys", Settings(KeysConnectionString(options), options), configure);

        listeners = Create("listen", ListenerSettings(options.ConnectionString, options), configure);
    }

    public NpgsqlDataSource Main { get; }

    public NpgsqlDataSource Keys => keys ?? throw new InvalidOperationException("This process has no key store.");

    public bool HasKeys => keys is not null;

    public static string KeysConnectionString(DatabaseOptions options)
    {
        if (options.KeysConnectionString.Length > 0)
            return options.KeysConnectionString;
        var main = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        main.Database += "_keys";
        return main.ConnectionString;
    }

    /// <summary>Whether a connection string names a database of a server, and nothing in it contradicts itself or what is added to it.
    /// Nothing is opened.</summary>
    internal static bool CanUse(string connectionString, DatabaseOptions options)
    {
        try
        {
            // Numbers that are out of range are reported as such, not as an error of the connection string.
            var usable = new DatabaseOptions { MaxConnections = Math.Clamp(options.MaxConnections, 2, 500) };
            var settings = Settings(connectionString, usable);
            using var source = Create("check", settings);
            using var listener = Create("check", ListenerSettings(connectionString, usable));
            // What the library would find out only when it connects.
            if (settings.Encoding != "UTF8")
                _ = Encoding.GetEncoding(settings.Encoding);
            if (settings is { ReadBufferSize: < MinBuffer } or { WriteBufferSize: < MinBuffer })
                return false;
            if (settings is { SocketReceiveBufferSize: < 0 } or { SocketSendBufferSize: < 0 })
                return false;
            return !string.IsNullOrWhiteSpace(settings.Host)
                && !string.IsNullOrWhiteSpace(settings.Database)
                && settings.Host.Split(',').All(host => PortOf(host, settings.Port) is >= 1 and <= IPEndPoint.MaxPort);
        }
        catch (Exception unusable)
            when (unusable
                    is ArgumentException
                        or FormatException
                        or OverflowException
                        or InvalidOperationException
                        or NotSupportedException
            )
        {
            return false;
        }
    }

    /// <summary>A connection of its own to LISTEN on: it keeps session state, so it must never be in the pool.</summary>
    public ValueTask<NpgsqlConnection> OpenListenerAsync(CancellationToken cancellationToken) =>
        listeners.OpenConnectionAsync(cancellationToken);

    /// <summary>Closes pooled connections: idle ones now, those in use when they come back.</summary>
    public void DropConnections()
    {
        Main.Clear();
        keys?.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await Main.DisposeAsync();
        if (keys is not null)
            await keys.DisposeAsync();
        await listeners.DisposeAsync();
    }

    /// <summary>A host of the list may name a port of its own; a folder of sockets and a bare IPv6 address have none.</summary>
    private static int PortOf(string host, int otherwise)
    {
        var colon = host.LastIndexOf(':');
        var isPort = colon > 0 && !host.StartsWith('/') && (host[colon - 1] == ']' || host.IndexOf(':', StringComparison.Ordinal) == colon);
        if (!isPort)
            return otherwise;
        return int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : -1;
    }

    private static NpgsqlConnectionStringBuilder ListenerSettings(string connectionString, DatabaseOptions options)
    {
        var unpooled = Settings(connectionString, options);
        (unpooled.Pooling, unpooled.KeepAlive) = (false, 30);
        return unpooled;
    }

    /// <summary>The name is what metrics call the pool; without one they would carry the connection string.</summary>
    private static NpgsqlDataSource Create(
        string name,
        NpgsqlConnectionStringBuilder settings,
        Action<NpgsqlDataSourceBuilder>? configure = null
    )
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name };
        builder.UsePhysicalConnectionInitializer(
            RejectReadOnly,
            connection =>
            {
                RejectReadOnly(connection);
                return Task.CompletedTask;
            }
        );
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>A connection that cannot write never enters a pool. The server says of itself that it is a standby or read-only, without
    /// being asked.</summary>
    private static void RejectReadOnly(NpgsqlConnection connection)
    {
        var said = connection.PostgresParameters;
        if (said.GetValueOrDefault("in_hot_standby") == "on" || said.GetValueOrDefault("default_transaction_read_only") == "on")
            throw new PostgresException("the database is read-only", "FATAL", "FATAL", PostgresErrorCodes.ReadOnlySqlTransaction);
    }

    // "No Reset On Close" is right because nothing here keeps session state: locks are transaction-level and LISTEN has a connection
    // outside the pool. It saves a quarter of a short request's database time.
    private static NpgsqlConnectionStringBuilder Settings(string connectionString, DatabaseOptions options) =>
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            NoResetOnClose = true,
            MaxPoolSize = options.MaxConnections,
            CommandTimeout = options.CommandTimeoutSeconds,
            Timeout = Math.Min(options.CommandTimeoutSeconds, 15),
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            ApplicationName = "gatehouse",
            IncludeErrorDetail = false,
        };
}

/// <summary>Whether this process holds the users' keys.</summary>
public sealed record KeyStorePresence(bool IsHere);
