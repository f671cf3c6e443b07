using System.ComponentModel;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Authenticators;

/// <summary>A passkey as its user sees it.</summary>
public sealed record PasskeyView
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    [Description("When it last signed in or confirmed who the user is; null for never.")]
    public required DateTimeOffset? LastUsedAt { get; init; }

    [Description("Whether the device keeps it in more places than one, so that it outlives the device.")]
    public required bool IsBackedUp { get; init; }
}

/// <summary>A passkey's row.</summary>
internal sealed class StoredPasskey
{
    /// <summary>As many as a user may have.</summary>
    public const int Max = 20;

    public const string Columns = """
        id, relying_party, credential_id, public_key, sign_count, transports, is_backup_eligible, is_backed_up, name, created_at,
        last_used_at
        """;

    public Guid Id { get; init; }

    public string RelyingParty { get; init; } = "";

    public byte[] CredentialId { get; init; } = [];

    public byte[] PublicKey { get; init; } = [];

    public long SignCount { get; init; }

    public string[] Transports { get; init; } = [];

    public bool IsBackupEligible { get; init; }

    public bool IsBackedUp { get; init; }

    public EncryptedValue<PasskeyName> Name { get; init; } = null!;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The user's passkeys, the oldest first.</summary>
    public static Task<IReadOnlyList<StoredPasskey>> ListAsync(DbSession db, Guid tenant, Guid user) =>
        db.ListAsync<StoredPasskey>(
            $"select {Columns} from identity.passkeys where tenant_id = @tenant and user_id = @user order by id",
            new { tenant, user }
        );

    public static Task<StoredPasskey?> FindAsync(DbSession db, Guid tenant, Guid user, Guid id) =>
        db.FirstOrDefaultAsync<StoredPasskey>(
            $"select {Columns} from identity.passkeys where tenant_id = @tenant and id = @id and user_id = @user",
            new
            {
                tenant,
                user,
                id,
            }
        );

    /// <summary>The one that the authenticator names; null unless it is the user's.</summary>
    public static Task<StoredPasskey?> FindAsync(DbSession db, Guid tenant, Guid user, byte[] credential) =>
        db.FirstOrDefaultAsync<StoredPasskey>(
            $"select {Columns} from identity.passkeys where tenant_id = @tenant and credential_id = @credential and user_id = @user",
            new
            {
                tenant,
                user,
                credential,
            }
        );

    /// <summary>Whose it is; null for nobody's.</summary>
    public static Task<Guid?> FindOwnerAsync(DbSession db, Guid tenant, byte[] credential) =>
        db.FirstOrDefaultAsync<Guid?>(
            "select user_id from identity.passkeys where tenant_id = @tenant and credential_id = @credential",
            new { tenant, credential }
        );

    public PasskeyView View(SubjectKey key) =>
        new()
        {
            Id = Id,
            Name = key.Open(Name).Value,
            CreatedAt = CreatedAt,
            LastUsedAt = LastUsedAt,
            IsBackedUp = IsBackedUp,
        };
}
