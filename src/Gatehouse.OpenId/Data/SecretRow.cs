using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.OpenId.Data;

/// <summary>A secret as it is stored, which is without the secret.</summary>
internal sealed class SecretRow
{
    public const string Columns = "client, id, hash, hint, expires_at, last_used_at, created_at";

    public Guid Client { get; init; }

    public Guid Id { get; init; }

    public Hash<ClientSecret> Hash { get; init; } = Hash<ClientSecret>.OfNothing();

    public string Hint { get; init; } = "";

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public bool IsLive(DateTimeOffset now) => ExpiresAt is not { } end || end > now;

    /// <summary>Those of the clients, the oldest first.</summary>
    public static Task<IReadOnlyList<SecretRow>> ListAsync(DbSession db, Guid tenant, IReadOnlyCollection<Guid> clients) =>
        db.ListAsync<SecretRow>(
            $"select {Columns} from openid.client_secrets where tenant_id = @tenant and client = any(@clients) order by id",
            new { tenant, clients = clients.ToArray() }
        );

    /// <summary>Those of clients of any tenants, the oldest first.</summary>
    public static Task<IReadOnlyList<SecretRow>> ListAsync(DbSession db, IReadOnlyList<(Guid Tenant, Guid Id)> clients) =>
        db.ListAsync<SecretRow>(
            $"""
            select {Columns} from unnest(@tenants, @clients) as wanted (tenant, whose)
              join openid.client_secrets on tenant_id = tenant and client = whose
             order by id
            """,
            new { tenants = clients.Select(c => c.Tenant).ToArray(), clients = clients.Select(c => c.Id).ToArray() }
        );
}
