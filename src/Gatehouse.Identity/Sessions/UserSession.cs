using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Sessions;

/// <summary>A session as stored: one signed-in device with its one line of refresh tokens.</summary>
internal sealed class UserSession
{
    /// <summary>What tokens are made of.</summary>
    private const string TokenColumns = $"{Columns}, organization_id, {TokenRoles.Column}";

    public const string Columns = """
        tenant_id, id, user_id, seed, generation, clock_timestamp() - rotated_at as SinceRotation, authenticated_at,
        method, device, network, created_at, used_at, idle_ends_at, ends_at, ended_at, client_id, parent_id, unverified as IsUnverified,
        amr, must_enroll, closed as IsClosed
        """;

    public Guid TenantId { get; init; }

    public Guid Id { get; init; }

    public Guid UserId { get; init; }

    public byte[] Seed { get; init; } = [];

    public long Generation { get; init; }

    /// <summary>By the database's clock, whatever the nodes' clocks say.</summary>
    public TimeSpan SinceRotation { get; init; }

    public DateTimeOffset AuthenticatedAt { get; init; }

    public string Method { get; init; } = "";

    public string Device { get; init; } = "";

    public string Network { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UsedAt { get; init; }

    public DateTimeOffset IdleEndsAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The client of OAuth 2.0 whose session it is; null for our own pages and API.</summary>
    public string? ClientId { get; init; }

    /// <summary>The session in the browser that it ends with; null for one of its own.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>The organization that its tokens speak for, as far as the user still belongs to it; null for none.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>As in <see cref="TokenRoles.Column"/>.</summary>
    public string? Memberships { get; init; }

    /// <summary>Whether the user has not verified the address or number yet.</summary>
    public bool IsUnverified { get; init; }

    /// <summary>How its user was authenticated (RFC 8176); null in sessions of earlier releases.</summary>
    public string[]? Amr { get; init; }

    /// <summary>Whether it is good for adding a second factor alone.</summary>
    public bool MustEnroll { get; init; }

    /// <summary>Whether it is of a closed account, and good for opening it again alone.</summary>
    public bool IsClosed { get; init; }

    public SignedInUser User
    {
        get
        {
            var roles = TokenRoles.Of(Memberships, OrganizationId);
            return new SignedInUser(UserId, Id, AuthenticatedAt)
            {
                OrganizationId = roles.OrganizationId,
                Roles = roles.Roles,
                IsUnverified = IsUnverified,
                Methods = Amr ?? [],
                MustEnroll = MustEnroll,
                IsClosed = IsClosed,
            };
        }
    }

    public static Task<UserSession?> FindAsync(DbSession db, Guid tenantId, Guid id) =>
        db.FirstOrDefaultAsync<UserSession>(
            $"select {TokenColumns} from identity.sessions where tenant_id = @tenantId and id = @id",
            new { tenantId, id }
        );

    /// <summary>Several sessions at once, each by tenant and id; one without a row is left out.</summary>
    public static Task<IReadOnlyList<UserSession>> ListAsync(DbSession db, IReadOnlyList<(Guid Tenant, Guid Id)> sessions) =>
        db.ListAsync<UserSession>(
            $"""
            select {TokenColumns}
              from unnest(@tenants, @sessions) as wanted (tenant, session) join identity.sessions on tenant_id = tenant and id = session
            """,
            new { tenants = sessions.Select(s => s.Tenant).ToArray(), sessions = sessions.Select(s => s.Id).ToArray() }
        );
}
