using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Encryption;

/// <summary>A stored key pair of the curve P-256.</summary>
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
    public Task<IReadOnlyList<StoredSigningKey>> ListAsync(CancellationToken cancellationToken) =>
        sources.Keys.QueryAsync(ListAsync, cancellationToken);

    /// <summary>Lets <paramref name="decide"/> say which keys there shall be, given those there are; nobody else changes them
    /// meanwhile.</summary>
    /// <returns>The keys after the change.</returns>
    public async Task<IReadOnlyList<StoredSigningKey>> ChangeAsync(
        Func<IReadOnlyList<StoredSigningKey>, IReadOnlyList<StoredSigningKey>> decide,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await sources.Keys.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var db = new DbSession(connection, transaction, cancellationToken);
        await db.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('gatehouse.signing-keys', 0))");
        var before = await ListAsync(db);
        var after = decide(before);

        await db.ExecuteAsync("delete from keys.signing_keys where kid <> all(@kept)", new { kept = after.Select(k => k.Id).ToArray() });
        foreach (var key in after)
        {
            await db.ExecuteAsync(
                """
                insert into keys.signing_keys (kid, master_key, wrapped, activates_at, created_at)
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

    /// <summary>A new key pair, not stored yet.</summary>
    public static StoredSigningKey Create(DateTimeOffset activatesAt, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 16));
        return new StoredSigningKey(id, key.ExportPkcs8PrivateKey(), activatesAt, now);
    }

    private async Task<IReadOnlyList<StoredSigningKey>> ListAsync(DbSession db) =>
        [
            .. (
                await db.ListAsync<Row>(
                    "select kid, master_key, wrapped, activates_at, created_at from keys.signing_keys order by activates_at"
                )
            ).Select(r => new StoredSigningKey(
                r.Kid,
                masterKeys.Unwrap(r.MasterKey, Purpose(r.Kid), r.Wrapped),
                r.ActivatesAt,
                r.CreatedAt
            )),
        ];

    private static string Purpose(string kid) => $"signing|{kid}";

    private sealed class Row
    {
        public string Kid { get; init; } = "";

        public string MasterKey { get; init; } = "";

        public byte[] Wrapped { get; init; } = [];

        public DateTimeOffset ActivatesAt { get; init; }

        public DateTimeOffset CreatedAt { get; init; }
    }
}
