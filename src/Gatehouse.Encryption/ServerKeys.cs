using System.Collections.Frozen;
using System.Security.Cryptography;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Encryption;

/// <summary>
/// The installation's own keys: random, kept in the key store wrapped by the master key, made once by the first start and loaded into
/// memory.
/// </summary>
public sealed class ServerKeys(DataSources sources, MasterKeys masterKeys, TimeProvider clock) : IStartupTask
{
    /// <summary>Keys the stored hashes of one-time codes.</summary>
    public const string Codes = "codes";

    /// <summary>Keys the look-up of contact addresses.</summary>
    public const string BlindIndex = "blind-index";

    /// <summary>Fingerprints request bodies and seals stored answers of idempotent calls.</summary>
    public const string Idempotency = "idempotency";

    /// <summary>Derives refresh tokens from the seed of their session.</summary>
    public const string RefreshTokens = "refresh-tokens";

    /// <summary>Signs what known devices hold.</summary>
    public const string Devices = "devices";

    /// <summary>Signs the checkpoints of the audit.</summary>
    public const string Audit = "audit";

    /// <summary>Seals the secrets that webhooks are signed with.</summary>
    public const string Webhooks = "webhooks";

    /// <summary>Signs the addresses of files that this installation keeps in a folder of its own.</summary>
    public const string Files = "files";

    private const string WrongStore =
        "The key store is empty, but the main database is in use: with new keys nobody in it could be found or read. "
        + "Restore the key store, or correct GATEHOUSE__DATABASE__KEYSCONNECTIONSTRING.";

    internal static readonly string[] Names = [Codes, BlindIndex, Idempotency, RefreshTokens, Devices, Audit, Webhooks, Files];

    private FrozenDictionary<string, byte[]> keys = FrozenDictionary<string, byte[]>.Empty;

    /// <summary>The first version of every key; a replaced one keeps its old versions beside it.</summary>
    internal const int FirstVersion = 1;

    bool IStartupTask.IsForCommands => true;

    public byte[] Get(string name) => keys[name];

    Task IStartupTask.PrepareAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    /// <summary>Makes what is missing and loads all.</summary>
    /// <exception cref="MasterKeyException">The configured master keys do not open them, or the key store is not the one that belongs to
    /// the main database.</exception>
    public Task LoadAsync(CancellationToken cancellationToken) =>
        sources.Keys.QueryAsync(
            async db =>
            {
                // What is there is opened first: a wrong master key must not wrap the keys that a new release adds.
                keys = await ReadAsync(db);
                if (keys.Count == 0 && await MainDatabaseHasHistoryAsync(cancellationToken))
                {
                    // Another node may have made them just now; still none means that this is not the store the data was written with.
                    keys = await ReadAsync(db);
                    if (keys.Count == 0)
                        throw new MasterKeyException(WrongStore);
                }

                foreach (var name in Names.Where(n => !keys.ContainsKey(n)))
                    await MakeAsync(db, name);
                if (keys.Count < Names.Length)
                    keys = await ReadAsync(db);
                return keys;
            },
            cancellationToken
        );

    /// <summary>A node opens the log only after the keys are there, so a log without keys was written with others.</summary>
    private Task<bool> MainDatabaseHasHistoryAsync(CancellationToken cancellationToken) =>
        sources.Main.QueryAsync(db => db.SingleAsync<bool>("select exists (select 1 from runtime.log_epochs)"), cancellationToken);

    /// <summary>Two nodes may start together on an empty store: the first row stands, and both read it back.</summary>
    private Task<int> MakeAsync(DbSession db, string name) =>
        db.ExecuteAsync(
            """
            insert into keys.server_keys (name, version, master_key, wrapped, created_at)
            values (@name, @version, @masterKey, @wrapped, @now)
            on conflict do nothing
            """,
            new
            {
                name,
                version = FirstVersion,
                masterKey = masterKeys.CurrentId,
                wrapped = masterKeys.Wrap(Purpose(name, FirstVersion), RandomNumberGenerator.GetBytes(MasterKeys.KeySize)),
                now = clock.GetUtcNow(),
            }
        );

    private async Task<FrozenDictionary<string, byte[]>> ReadAsync(DbSession db) =>
        (await db.ListAsync<Row>("select name, version, master_key, wrapped from keys.server_keys"))
            .Where(r => Names.Contains(r.Name, StringComparer.Ordinal) && r.Version == FirstVersion)
            .ToFrozenDictionary(
                r => r.Name,
                r => masterKeys.Unwrap(r.MasterKey, Purpose(r.Name, r.Version), r.Wrapped),
                StringComparer.Ordinal
            );

    internal static string Purpose(string id) => "server|" + id;

    private static string Purpose(string name, int version) => Purpose($"{name}|{version}");

    private sealed class Row
    {
        public string Name { get; init; } = "";

        public int Version { get; init; }

        public string MasterKey { get; init; } = "";

        public byte[] Wrapped { get; init; } = [];
    }
}
