using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Encryption;

/// <summary>What a signing key signs with; each algorithm has keys of its own, in a table of their own.</summary>
public sealed record SigningAlgorithm
{
    private readonly Func<AsymmetricAlgorithm> create;

    private SigningAlgorithm(string name, string table, Func<AsymmetricAlgorithm> create) =>
        (Name, Table, this.create) = (name, table, create);

    /// <summary>ECDSA on P-256 with SHA-256.</summary>
    public static SigningAlgorithm Es256 { get; } = new("ES256", "keys.signing_keys", () => ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>RSASSA-PKCS1-v1_5 with 2,048 bits and SHA-256.</summary>
    public static SigningAlgorithm Rs256 { get; } = new("RS256", "keys.rsa_signing_keys", () => RSA.Create(2048));

    /// <summary>Its name in the header of a token (RFC 7518, 3.1).</summary>
    public string Name { get; }

    internal string Table { get; }

    /// <summary>A new key pair, not stored yet.</summary>
    public StoredSigningKey Create(DateTimeOffset activatesAt, DateTimeOffset now)
    {
        using var key = create();
        var id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 16));
        return new StoredSigningKey(id, key.ExportPkcs8PrivateKey(), activatesAt, now);
    }

    public override string ToString() => Name;
}

/// <summary>A stored key pair.</summary>
/// <param name="Id">The <c>kid</c> of the tokens it signs: the thumbprint of its public part.</param>
/// <param name="Pkcs8">The private key; it never leaves the process.</param>
/// <param name="ActivatesAt">From when on it signs.</param>
/// <param name="CreatedAt">From when on it is published.</param>
public sealed record StoredSigningKey(string Id, byte[] Pkcs8, DateTimeOffset ActivatesAt, DateTimeOffset CreatedAt)
{
    public override string ToString() => $"[signing key {Id}]";
}

/// <summary>Keeps signing keys in the key store, their private parts wrapped by the master key. Changes of several nodes take
/// turns.</summary>
public sealed class SigningKeyStore(DataSources sources, MasterKeys masterKeys)
{
    public Task<IReadOnlyList<StoredSigningKey>> ListAsync(SigningAlgorithm algorithm, CancellationToken cancellationToken) =>
        sources.Keys.QueryAsync(db => ListAsync(db, algorithm), cancellationToken);

    /// <summary>Lets <paramref name="decide"/> say which keys there shall be, given those there are; nobody else changes them
    /// meanwhile.</summary>
    /// <returns>The keys after the change.</returns>
    public async Task<IReadOnlyList<StoredSigningKey>> ChangeAsync(
        SigningAlgorithm algorithm,
        Func<IReadOnlyList<StoredSigningKey>, IReadOnlyList<StoredSigningKey>> decide,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await sources.Keys.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var db = new DbSession(connection, transaction, cancellationToken);
        await db.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('gatehouse.signing-keys', 0))");
        var before = await ListAsync(db, algorithm);
        var after = decide(before);

        await db.ExecuteAsync($"delete from {algorithm.Table} where kid <> all(@kept)", new { kept = after.Select(k => k.Id).ToArray() });
        foreach (var key in after)
        {
            await db.ExecuteAsync(
                $"""
                insert into {algorithm.Table} (kid, master_key, wrapped, activates_at, created_at)
                values (@Id, @masterKey, @wrapped, @ActivatesAt, @CreatedAt)
                on conflict (kid) do update set activates_at = excluded.activates_at
                """,
                new
                {
                    key.Id,
                    masterKey = masterKeys.CurrentId,
                    wrapped = masterKeys.Wrap(Purpose(key.Id), key.Pkcs8),
                    key.ActivatesAt,
                    key.CreatedAt,
                }
            );
        }

        await transaction.CommitAsync(CancellationToken.None);
        return after;
    }

    private async Task<IReadOnlyList<StoredSigningKey>> ListAsync(DbSession db, SigningAlgorithm algorithm) =>
        [
            .. (
                await db.ListAsync<Row>(
                    $"select kid, master_key, wrapped, activates_at, created_at from {algorithm.Table} order by activates_at"
                )
            ).Select(r => new StoredSigningKey(
                r.Kid,
                masterKeys.Unwrap(r.MasterKey, Purpose(r.Kid), r.Wrapped),
                r.ActivatesAt,
                r.CreatedAt
            )),
        ];

    internal static string Purpose(string kid) => $"signing|{kid}";

    private sealed class Row
    {
        public string Kid { get; init; } = "";

        public string MasterKey { get; init; } = "";

        public byte[] Wrapped { get; init; } = [];

        public DateTimeOffset ActivatesAt { get; init; }

        public DateTimeOffset CreatedAt { get; init; }
    }
}
