using System.Security.Cryptography;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Recovery;

/// <summary>A request for a new password as stored. Where the identifier has no account, the hashes match nothing; all else is the same.</summary>
internal sealed class PasswordReset
{
    private const string IdentifierContext = "password_resets.identifier";
    private const string DeviceContext = "password_resets.device";

    private const string Columns =
        """
        tenant_id as TenantId, id, kind, index_version as IndexVersion, blind_index as BlindIndex, identifier as EncryptedIdentifier, user_id as UserId,
        code_hash as CodeHash, code_expires_at as CodeExpiresAt, tries_left as AttemptsRemaining, link_hash as LinkHash, sends, resend_at as ResendAt,
        completed_at as CompletedAt, created_at as CreatedAt, network, device as EncryptedDevice
        """;

    public Guid TenantId { get; init; }

    public Guid Id { get; init; }

    public string Kind { get; init; } = "";

    public short IndexVersion { get; init; }

    public byte[] BlindIndex { get; init; } = [];

    public byte[] EncryptedIdentifier { get; init; } = [];

    public Guid? UserId { get; init; }

    public byte[] CodeHash { get; init; } = [];

    public DateTimeOffset CodeExpiresAt { get; init; }

    public short AttemptsRemaining { get; init; }

    public byte[] LinkHash { get; init; } = [];

    public short Sends { get; init; }

    public DateTimeOffset ResendAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where it was asked for (<see cref="NetworkIndex"/>); null in resets of before that was kept.</summary>
    public byte[]? Network { get; init; }

    public byte[]? EncryptedDevice { get; init; }

    /// <summary>Where it is still open; a look without a lock.</summary>
    public static Task<PasswordReset?> FindAsync(DbSession db, Guid tenantId, Guid id, DateTimeOffset now) => db.FirstOrDefaultAsync<PasswordReset>(
        $"select {Columns} from identity.password_resets where tenant_id = @tenantId and id = @id and expires_at > @now", new { tenantId, id, now });

    /// <summary>Loads and locks it: attempts on one reset happen one after the other. Locked before the user, wherever both are.</summary>
    public static Task<PasswordReset?> LockAsync(Transaction tx, Guid tenantId, Guid id) => tx.FirstOrDefaultAsync<PasswordReset>(
        $"select {Columns} from identity.password_resets where tenant_id = @tenantId and id = @id and expires_at > @now for update", new { tenantId, id, now = tx.Now });

    public static byte[] Seal(SubjectKey key, Identifier identifier) => key.Seal(IdentifierContext, identifier.Key);

    public static byte[]? SealDevice(SubjectKey key, string? token) => token is null ? null : key.Seal(DeviceContext, token);

    /// <summary>A hash that no code and no link has.</summary>
    public static byte[] NoHash() => RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    public Identifier OpenIdentifier(SubjectKey key) => Identifier.Of(Kind, key.Open(IdentifierContext, EncryptedIdentifier));

    /// <summary>The device token that came with the request, as it was: whether it is worth anything only the account can say.</summary>
    public string? OpenDevice(SubjectKey key) => EncryptedDevice is null ? null : key.Open(DeviceContext, EncryptedDevice);

    /// <summary>A password that was changed later than the reset was asked for voids it, whichever way it was changed.</summary>
    public bool IsSupersededFor(StoredUser user) => CreatedAt <= user.PasswordChangedAt;

    public bool Matches(ReadOnlySpan<byte> serverKey, OneTimeCode code) => Verification.CodeHash.Matches(serverKey, CodePurpose.PasswordReset, Id, code, CodeHash);

    public bool Matches(LinkToken link) => CryptographicOperations.FixedTimeEquals(link.Hash(), LinkHash);

    public Task CountAttemptAsync(Transaction tx) => tx.ExecuteAsync(
        "update identity.password_resets set tries_left = tries_left - 1 where tenant_id = @TenantId and id = @Id", new { TenantId, Id });
}
