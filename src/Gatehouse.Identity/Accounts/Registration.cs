using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Accounts;

/// <summary>A pending registration as stored. Decoys (known addresses) are the same row with hashes that nothing matches.</summary>
internal sealed class Registration
{
    public const string PersonalContext = "registrations.personal";

    public const string Columns =
        """
        tenant_id as TenantId, id, email_index_version as EmailIndexVersion, email_index as EmailIndex, personal, password_hash as PasswordHash, language,
        code_hash as CodeHash, code_expires_at as CodeExpiresAt, tries_left as AttemptsRemaining, link_hash as LinkHash, sends, resend_at as ResendAt, completed_at as CompletedAt,
        expires_at as ExpiresAt
        """;

    public Guid TenantId { get; init; }

    public Guid Id { get; init; }

    public short EmailIndexVersion { get; init; }

    public byte[] EmailIndex { get; init; } = [];

    public byte[] Personal { get; init; } = [];

    public string? PasswordHash { get; init; }

    public string Language { get; init; } = "";

    public byte[] CodeHash { get; init; } = [];

    public DateTimeOffset CodeExpiresAt { get; init; }

    public short AttemptsRemaining { get; init; }

    public byte[] LinkHash { get; init; } = [];

    public short Sends { get; init; }

    public DateTimeOffset ResendAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Loads and locks it: attempts on one registration happen one after the other. One whose day is over is no longer found.</summary>
    public static Task<Registration?> LockAsync(Transaction tx, Guid tenantId, Guid id) => tx.FirstOrDefaultAsync<Registration>(
        $"select {Columns} from identity.registrations where tenant_id = @tenantId and id = @id and expires_at > @now for update",
        new { tenantId, id, now = tx.Now });

    public static Task<Registration?> LockByLinkAsync(Transaction tx, Guid tenantId, byte[] linkHash) => tx.FirstOrDefaultAsync<Registration>(
        $"select {Columns} from identity.registrations where tenant_id = @tenantId and link_hash = @linkHash and expires_at > @now for update",
        new { tenantId, linkHash, now = tx.Now });

    public Task CountAttemptAsync(Transaction tx) => tx.ExecuteAsync(
        "update identity.registrations set tries_left = tries_left - 1 where tenant_id = @TenantId and id = @Id", new { TenantId, Id });

    public PersonalPart OpenPersonal(SubjectKey key) => JsonSerializer.Deserialize(key.Open(PersonalContext, Personal), RegistrationJson.Default.PersonalPart)!;

    /// <summary>What the registration knows of a user, sealed at rest.</summary>
    internal sealed record PersonalPart(string Email, string Name, string? Username)
    {
        public byte[] Seal(SubjectKey key) => key.Seal(PersonalContext, JsonSerializer.Serialize(this, RegistrationJson.Default.PersonalPart));

        public override string ToString() => "[personal]";
    }
}

/// <summary>A registration has no user yet; its records name the registration instead.</summary>
internal static class RegistrationRecords
{
    public static AuditRecord WithRegistration(this AuditRecord record, Guid? id) => id is null ? record : record.WithFact("registration", id.Value.ToString());
}

[JsonSerializable(typeof(Registration.PersonalPart))]
internal sealed partial class RegistrationJson : JsonSerializerContext;
