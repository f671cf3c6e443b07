using Gatehouse.Core.Postgres;

namespace Gatehouse.Organizations.Data;

/// <summary>What a tenant has at one moment, for what is compared with a description of it.</summary>
internal sealed record TenantSnapshot
{
    public static TenantSnapshot Empty { get; } = new();

    /// <summary>By code.</summary>
    public IReadOnlyDictionary<string, OrganizationRow> Organizations { get; init; } = new Dictionary<string, OrganizationRow>();

    public IReadOnlyList<RoleRow> Roles { get; init; } = [];

    /// <summary>How users register for roles, by role.</summary>
    public IReadOnlyDictionary<Guid, RoleRegistrationRow> Registrations { get; init; } = new Dictionary<Guid, RoleRegistrationRow>();

    /// <summary>The organization of each e-mail domain.</summary>
    public IReadOnlyDictionary<string, Guid> EmailDomains { get; init; } = new Dictionary<string, Guid>();

    /// <summary>The organization of each registration code.</summary>
    public IReadOnlyDictionary<string, Guid> RegistrationCodes { get; init; } = new Dictionary<string, Guid>();

    /// <summary>Both directions of each pair.</summary>
    public IReadOnlySet<(Guid One, Guid Other)> Related { get; init; } = new HashSet<(Guid, Guid)>();

    public static async Task<TenantSnapshot> ReadAsync(DbSession db, Guid tenant)
    {
        var key = new { tenant };
        var organizations = await db.ListAsync<OrganizationRow>(
            $"select {OrganizationRow.Columns} from organizations.organizations where tenant_id = @tenant",
            key
        );
        var domains = await db.ListAsync<Placed>(
            "select domain as value, organization_id from organizations.email_domains where tenant_id = @tenant",
            key
        );
        var codes = await db.ListAsync<Placed>(
            "select code as value, organization_id from organizations.registration_codes where tenant_id = @tenant",
            key
        );
        var related = await db.ListAsync<Pair>(
            "select organization_id, related_id from organizations.related_organizations where tenant_id = @tenant",
            key
        );
        return new TenantSnapshot
        {
            Organizations = organizations.ToDictionary(o => o.Code, StringComparer.Ordinal),
            Roles = await RoleRow.ListAsync(db, tenant),
            Registrations = (await RoleRegistrationRow.ListAsync(db, tenant)).ToDictionary(row => row.RoleId),
            EmailDomains = domains.ToDictionary(d => d.Value, d => d.OrganizationId, StringComparer.Ordinal),
            RegistrationCodes = codes.ToDictionary(c => c.Value, c => c.OrganizationId, StringComparer.Ordinal),
            Related = related.Select(p => (p.OrganizationId, p.RelatedId)).ToHashSet(),
        };
    }

    /// <summary>The roles that the user was assigned, each with its organization; and, without a role, those the user belongs to.</summary>
    public static async Task<IReadOnlySet<(Guid? Role, Guid? Organization)>> RolesOfAsync(DbSession db, Guid tenant, Guid user)
    {
        var rows = await db.ListAsync<Held>(
            """
            select role_id, organization_id from organizations.role_assignments where tenant_id = @tenant and user_id = @user
            union all
            select null, organization_id from organizations.members where tenant_id = @tenant and user_id = @user
            """,
            new { tenant, user }
        );
        return rows.Select(row => (row.RoleId, row.OrganizationId == Data.Roles.WholeTenant ? (Guid?)null : row.OrganizationId))
            .ToHashSet();
    }

    private sealed class Placed
    {
        public string Value { get; init; } = "";

        public Guid OrganizationId { get; init; }
    }

    private sealed class Pair
    {
        public Guid OrganizationId { get; init; }

        public Guid RelatedId { get; init; }
    }

    private sealed class Held
    {
        public Guid? RoleId { get; init; }

        public Guid OrganizationId { get; init; }
    }
}
