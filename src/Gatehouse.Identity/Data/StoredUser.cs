using Gatehouse.Identity.Accounts;
using Gatehouse.Runtime.Data;
using Gatehouse.Runtime.Keys;

namespace Gatehouse.Identity.Data;

/// <summary>A person's row.</summary>
internal sealed class StoredUser
{
    public const string Columns =
        """
        tenant_id as TenantId, id, version, name, username, email, email_verified_at as EmailVerifiedAt, password_hash as PasswordHash, language, created_at as CreatedAt
        """;

    public Guid TenantId { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public string Name { get; init; } = "";

    public string? Username { get; init; }

    /// <summary>Sealed with the person's key.</summary>
    public byte[]? Email { get; init; }

    public DateTimeOffset? EmailVerifiedAt { get; init; }

    public string? PasswordHash { get; init; }

    public string Language { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public static Task<StoredUser?> FindAsync(Sql sql, Guid tenantId, Guid id) => sql.FirstOrDefaultAsync<StoredUser>(
        $"select {Columns} from identity.users where tenant_id = @tenantId and id = @id", new { tenantId, id });

    public string? OpenEmail(SubjectKey key) => Email is null ? null : key.Open(Users.EmailPlace, Email);

    /// <param name="key">The person's key; null when it was destroyed, and with it everything that was sealed.</param>
    public UserView View(SubjectKey? key) => new()
    {
        Id = Id,
        Name = Name,
        Email = key is null ? null : OpenEmail(key),
        EmailVerified = EmailVerifiedAt is not null,
        Username = Username,
        HasPassword = PasswordHash is not null,
        Language = Language,
        CreatedAt = CreatedAt,
    };
}
