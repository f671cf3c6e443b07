using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Structure;

/// <summary>How many there are of what belongs to an organization, and who is in charge of it. Nothing is counted beyond
/// <see cref="MaxCounted"/>.</summary>
internal sealed class OrganizationFigures(Database database, IUserDirectory users)
{
    public const int MaxCounted = 10_000;

    private const int ShownAdministrators = 20;

    public async Task<OrganizationSummary> SummaryAsync(Guid tenant, Guid id, CancellationToken cancellationToken)
    {
        var key = new
        {
            tenant,
            id,
            role = BuiltInRole.OrganizationAdministrator.Id,
            administrators = ShownAdministrators + 1,
            Limit = MaxCounted + 1,
        };
        var (counts, holders) = await database.QueryAsync(
            async db =>
                (
                    await db.SingleAsync<Counts>(
                        """
                        select (select count(*) from (select 1 from organizations.members
                                 where tenant_id = @tenant and organization_id = @id limit @Limit) m) as members,
                               (select count(*) from (select 1 from organizations.email_domains
                                 where tenant_id = @tenant and organization_id = @id limit @Limit) d) as domains,
                               (select count(*) from (select 1 from organizations.registration_codes
                                 where tenant_id = @tenant and organization_id = @id limit @Limit) c) as codes
                        """,
                        key
                    ),
                    await db.ListAsync<Guid>(
                        """
                        select user_id from organizations.role_assignments
                         where tenant_id = @tenant and organization_id = @id and role_id = @role
                         order by assigned_at, user_id limit @administrators
                        """,
                        key
                    )
                ),
            cancellationToken
        );
        var shown = holders.Take(ShownAdministrators).ToList();
        var names = await users.NamesAsync(tenant, shown, cancellationToken);
        return new OrganizationSummary
        {
            Members = counts.Members,
            Domains = counts.Domains,
            Codes = counts.Codes,
            Administrators = [.. shown.Where(names.ContainsKey).Select(user => new NamedUser(user) { Name = names[user].Name })],
            HasMoreAdministrators = holders.Count > ShownAdministrators,
        };
    }

    /// <summary>How many members can sign in nowhere else: no other active organization, no role in the whole tenant.</summary>
    public Task<long> MembersOfNothingElseAsync(Guid tenant, Guid id, CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.SingleAsync<long>(
                    """
                    select count(*) from (
                        select 1 from organizations.members m
                         where m.tenant_id = @tenant and m.organization_id = @id
                           and not exists (
                               select 1 from organizations.members e
                                 join organizations.organizations o on o.tenant_id = e.tenant_id and o.id = e.organization_id
                                where e.tenant_id = @tenant and e.user_id = m.user_id and e.organization_id <> @id and o.state = 'active')
                           and not exists (
                               select 1 from organizations.role_assignments a
                                where a.tenant_id = @tenant and a.user_id = m.user_id and a.organization_id = @WholeTenant)
                         limit @Limit) x
                    """,
                    new
                    {
                        tenant,
                        id,
                        Roles.WholeTenant,
                        Limit = MaxCounted + 1,
                    }
                ),
            cancellationToken
        );

    /// <summary>What a member is called and may do there; null for who is none.</summary>
    public async Task<OrganizationMember?> MemberAsync(Actor actor, Guid id, Guid user, CancellationToken cancellationToken)
    {
        var tenant = actor.Tenant.Id;
        var (isMember, roles) = await database.QueryAsync(
            async db =>
                (
                    await db.FirstOrDefaultAsync<int?>(
                        """
                        select 1 from organizations.members
                         where tenant_id = @tenant and organization_id = @id and user_id = @user
                        """,
                        new
                        {
                            tenant,
                            id,
                            user,
                        }
                    )
                        is not null,
                    await Memberships.RolesInAsync(db, tenant, id, [user])
                ),
            cancellationToken
        );
        if (!isMember)
            return null;
        var names = await users.NamesAsync(tenant, [user], cancellationToken);
        var known = names.GetValueOrDefault(user);
        return new OrganizationMember(user)
        {
            Name = known?.Name,
            Username = known?.Username,
            Roles = [.. roles[user]],
        };
    }

    private sealed class Counts
    {
        public long Members { get; init; }

        public long Domains { get; init; }

        public long Codes { get; init; }
    }
}

/// <summary>What stands about an organization on its first page.</summary>
public sealed record OrganizationSummary
{
    public required long Members { get; init; }

    public required long Domains { get; init; }

    public required long Codes { get; init; }

    public required IReadOnlyList<NamedUser> Administrators { get; init; }

    public required bool HasMoreAdministrators { get; init; }
}

/// <summary>A user with the name that a page shows.</summary>
public sealed record NamedUser(Guid Id)
{
    public required string Name { get; init; }

    /// <summary>Hides the name.</summary>
    public override string ToString() => Id.ToString();
}

/// <summary>A member of an organization as a page shows it.</summary>
public sealed record OrganizationMember(Guid Id)
{
    /// <summary>Null for a user that is unknown or erased.</summary>
    public required string? Name { get; init; }

    public required string? Username { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    public DateTimeOffset JoinedAt { get; init; }

    /// <summary>Hides the names.</summary>
    public override string ToString() => Id.ToString();
}
