using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Web;

/// <summary>Keeps idempotency keys in PostgreSQL: keys as hashes, answers sealed.</summary>
internal sealed class IdempotencyStore(Database database, ServerKeys serverKeys, TimeProvider clock) : IIdempotencyStore
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(60);

    public async Task<IdempotencyClaim> BeginAsync(IdempotencyScope scope, byte[] fingerprint, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var lease = Guid.CreateVersion7(now);
        var keyHash = KeyHash(scope);
        return await database.QueryAsync<IdempotencyClaim>(
            async db =>
            {
                var parameters = new
                {
                    scope.TenantId,
                    scope.Actor,
                    scope.Route,
                    keyHash,
                    fingerprint,
                    lease,
                    now,
                    kept = now - Kept,
                    abandoned = now - Abandoned,
                };
                var started = await db.ExecuteAsync(
                    """
                    insert into runtime.idempotency_keys as k (tenant_id, caller, route, key_hash, fingerprint, token, created_at)
                    values (@TenantId, @Actor, @Route, @keyHash, @fingerprint, @lease, @now)
                    on conflict on constraint idempotency_keys_pkey do update
                       set fingerprint = excluded.fingerprint, token = excluded.token, answer = null, created_at = excluded.created_at
                     where k.created_at <= @kept or (k.answer is null and k.created_at <= @abandoned)
                    """,
                    parameters
                );
                if (started == 1)
                    return new IdempotencyClaim.Started(lease);

                var row = await db.FirstOrDefaultAsync<Row>(
                    """
                    select fingerprint, answer from runtime.idempotency_keys
                     where tenant_id = @TenantId and caller = @Actor and route = @Route and key_hash = @keyHash
                    """,
                    parameters
                );
                // Released by its owner between the two statements: the caller's next try begins.
                if (row is null)
                    return new IdempotencyClaim.InFlight();
                if (!CryptographicOperations.FixedTimeEquals(row.Fingerprint, fingerprint))
                    return new IdempotencyClaim.Mismatch();
                return row.Answer is null ? new IdempotencyClaim.InFlight() : new IdempotencyClaim.Replay(Open(scope, row.Answer));
            },
            cancellationToken
        );
    }

    public Task CompleteAsync(IdempotencyScope scope, Guid lease, StoredAnswer answer, CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.ExecuteAsync(
                    """
                    update runtime.idempotency_keys set answer = @answer
                     where tenant_id = @TenantId and caller = @Actor and route = @Route and key_hash = @keyHash and token = @lease
                    """,
                    new
                    {
                        scope.TenantId,
                        scope.Actor,
                        scope.Route,
                        keyHash = KeyHash(scope),
                        lease,
                        answer = Seal(scope, answer),
                    }
                ),
            cancellationToken
        );

    public Task ReleaseAsync(IdempotencyScope scope, Guid lease, CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.ExecuteAsync(
                    """
                    delete from runtime.idempotency_keys
                     where tenant_id = @TenantId and caller = @Actor and route = @Route and key_hash = @keyHash and token = @lease
                    """,
                    new
                    {
                        scope.TenantId,
                        scope.Actor,
                        scope.Route,
                        keyHash = KeyHash(scope),
                        lease,
                    }
                ),
            cancellationToken
        );

    private static byte[] KeyHash(IdempotencyScope scope) => SHA256.HashData(Encoding.UTF8.GetBytes(scope.Key));

    private byte[] Seal(IdempotencyScope scope, StoredAnswer answer) =>
        AesGcmBox.Seal(
            serverKeys.Get(ServerKeys.Idempotency),
            KeyHash(scope),
            JsonSerializer.SerializeToUtf8Bytes(answer, HttpJson.Default.StoredAnswer)
        );

    private StoredAnswer Open(IdempotencyScope scope, byte[] encryptedAnswer) =>
        JsonSerializer.Deserialize(
            AesGcmBox.Open(serverKeys.Get(ServerKeys.Idempotency), KeyHash(scope), encryptedAnswer),
            HttpJson.Default.StoredAnswer
        )!;

    private sealed class Row
    {
        public byte[] Fingerprint { get; init; } = [];

        public byte[]? Answer { get; init; }
    }
}
