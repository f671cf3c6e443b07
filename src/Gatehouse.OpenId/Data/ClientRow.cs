using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;
using Gatehouse.Web;

namespace Gatehouse.OpenId.Data;

/// <summary>A client as it is stored.</summary>
internal sealed class ClientRow
{
    public const string Columns =
        "tenant_id, id, client_id, name, scopes, organization_id, is_platform, disabled_at, disabled_reason, tokens_since, last_used_at, "
        + "version, created_at, updated_at, sign_in, public_keys, resources";

    /// <summary>The column value of <c>organization_id</c> that means the whole tenant.</summary>
    public static readonly Guid WholeTenant = Guid.Empty;

    public Guid TenantId { get; init; }

    public Guid Id { get; init; }

    public string ClientId { get; init; } = "";

    public string Name { get; init; } = "";

    public string[] Scopes { get; init; } = [];

    public Guid OrganizationId { get; init; }

    public bool IsPlatform { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public string? DisabledReason { get; init; }

    public DateTimeOffset TokensSince { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>How it signs users in; null for what is a service account alone.</summary>
    public SignInSettings? SignIn { get; init; }

    /// <summary>With which it may prove who it is: Base64 of SubjectPublicKeyInfo.</summary>
    public string[] PublicKeys { get; init; } = [];

    /// <summary>Services for which it may get access tokens (RFC 8707), beside Gatehouse itself.</summary>
    public string[] Resources { get; init; } = [];

    /// <summary>Whether it has no secrets.</summary>
    public bool IsPublic => SignIn?.Public == true;

    /// <summary>Where it acts; null for the whole tenant.</summary>
    public Guid? Where => OrganizationId == WholeTenant ? null : OrganizationId;

    public AccessLevel Level => LevelOf(IsPlatform, Where);

    public string Tag => EntityTags.Quoted(Version);

    public static AccessLevel LevelOf(bool isPlatform, Guid? organization) =>
        isPlatform ? AccessLevel.Platform
        : organization is null ? AccessLevel.Tenant
        : AccessLevel.Organization;

    public static Task<ClientRow?> FindAsync(DbSession db, Guid tenant, Guid id) =>
        db.FirstOrDefaultAsync<ClientRow>(
            $"select {Columns} from openid.clients where tenant_id = @tenant and id = @id",
            new { tenant, id }
        );

    public static Task<ClientRow?> FindByClientIdAsync(DbSession db, Guid tenant, string clientId) =>
        db.FirstOrDefaultAsync<ClientRow>(
            $"select {Columns} from openid.clients where tenant_id = @tenant and client_id = @clientId",
            new { tenant, clientId }
        );

    public static Task<IReadOnlyList<ClientRow>> ListAsync(DbSession db, IReadOnlyList<(Guid Tenant, string ClientId)> names) =>
        db.ListAsync<ClientRow>(
            $"""
            select {Columns} from unnest(@tenants, @clientIds) as wanted (tenant, name_of_client)
              join openid.clients on tenant_id = tenant and client_id = name_of_client
            """,
            new { tenants = names.Select(n => n.Tenant).ToArray(), clientIds = names.Select(n => n.ClientId).ToArray() }
        );

    /// <summary>All of the tenant, the oldest first: for commands.</summary>
    public static Task<IReadOnlyList<ClientRow>> ListAsync(DbSession db, Guid tenant) =>
        db.ListAsync<ClientRow>($"select {Columns} from openid.clients where tenant_id = @tenant order by id", new { tenant });

    /// <summary>The client under its lock: nobody else changes it until the transaction ends.</summary>
    public static Task<ClientRow?> LockAsync(Transaction tx, Guid tenant, Guid id) =>
        tx.FirstOrDefaultAsync<ClientRow>(
            $"select {Columns} from openid.clients where tenant_id = @tenant and id = @id for update",
            new { tenant, id }
        );
}
