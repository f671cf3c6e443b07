using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;
using StackExchange.Redis;

namespace Gatehouse.Core.Redis;

/// <summary>The Redis server beside the databases. Nothing acknowledged is kept in it alone, and everything starts without it
/// (docs/operations/redis.md).</summary>
public sealed class RedisOptions : ICheckSettings
{
    internal const string Plaintext = "plaintext";
    internal const string Tls = "tls";

    private const int TimeoutMilliseconds = 1_000;

    /// <summary>A server, or a primary and its replicas, <c>host:port</c> with commas between. Empty (default): none is used.</summary>
    public string Servers { get; set; } = "";

    /// <summary>Username (ACL). Empty: the server's default user.</summary>
    public string Username { get; set; } = "";

    /// <summary>Password. Empty: none is sent.</summary>
    [Secret]
    public string Password { get; set; } = "";

    /// <summary><c>plaintext</c> (default) or <c>tls</c>.</summary>
    public string Security { get; set; } = Plaintext;

    /// <summary>PEM file of the authority that signs the server's certificate. Empty: those of the machine.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Number of the database within the server: 0 to 1,000, default 0.</summary>
    [Range(0, 1_000)]
    public int Database { get; set; }

    /// <summary>Begin of the names of keys and channels. Two installations on the same server need different ones.</summary>
    [RegularExpression("^[A-Za-z0-9._:-]{1,100}$", ErrorMessage = "must be 1 to 100 letters, digits, '.', '_', ':' or '-'")]
    public string Prefix { get; set; } = "gatehouse:";

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (Security is not (Plaintext or Tls))
            yield return new ValidationResult("must be plaintext or tls", [nameof(Security)]);
        if (Username.Length > 0 && Password.Length == 0)
            yield return new ValidationResult("is required if a username is set", [nameof(Password)]);
        if (Security == Plaintext && CaFile.Length > 0)
            yield return new ValidationResult("must be tls if a certificate is set", [nameof(Security)]);
        if (CaFile.Length > 0 && !File.Exists(CaFile))
            yield return new ValidationResult("must name a file that exists", [nameof(CaFile)]);
        if (Servers.Split(',', StringSplitOptions.TrimEntries).Any(server => server.Contains('=', StringComparison.Ordinal)))
            yield return new ValidationResult("must be host:port, with commas between", [nameof(Servers)]);
    }

    /// <summary>A server that is away neither delays the start nor keeps a request longer than the timeout; a command is never kept for
    /// later, when its caller has long been answered.</summary>
    internal ConfigurationOptions Client()
    {
        var client = new ConfigurationOptions
        {
            ClientName = "gatehouse",
            AbortOnConnectFail = false,
            BacklogPolicy = BacklogPolicy.FailFast,
            AsyncTimeout = TimeoutMilliseconds,
            SyncTimeout = TimeoutMilliseconds,
            ConnectTimeout = TimeoutMilliseconds,
            ReconnectRetryPolicy = new LinearRetry(TimeoutMilliseconds),
            HeartbeatInterval = TimeSpan.FromMilliseconds(500),
            IncludeDetailInExceptions = false,
            DefaultDatabase = Database,
            Ssl = Security == Tls,
        };
        foreach (var server in Servers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            client.EndPoints.Add(server);
        if (Username.Length > 0)
            client.User = Username;
        if (Password.Length > 0)
            client.Password = Password;
        if (CaFile.Length > 0)
            client.TrustIssuer(CaFile);
        return client;
    }
}
