using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Access;

/// <summary>Says who has a role, as far as the actor may see it: an administrator of organizations sees who has it there.</summary>
internal sealed class RoleHolders(Database database, IUserDirectory users)
{
    /// <summary>Users beyond it are not counted one by one.</summary>
    public const int MaxCounted = 10_000;

    /// <summary>How many users have each of the roles; more than <see cref="MaxCounted"/> stands for any number above it.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> CountAsync(
        IReadOnlyCollection<Guid> roles,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var counts = await database.QueryAsync(
            db =>
                db.ListAsync<RoleCount>(
                    """
                    select wanted.role_id, (
                           select count(*) from (
                               select distinct user_id from organizations.role_assignments a
                                where a.tenant_id = @tenant and a.role_id = wanted.role_id
                                  and (@visible::uuid[] is null or a.organization_id = any(@visible))
                                limit @limit) counted)::int as holders
                      from unnest(@roles) wanted(role_id)
                    """,
                    new
                    {
                        tenant = actor.Tenant.Id,
                        roles = roles.ToArray(),
                        visible = Visible(actor),
                        limit = MaxCounted + 1,
                    }
                ),
            cancellationToken
        );
        return counts.ToDictionary(count => count.RoleId, count => count.Holders);
    }

    public async Task<int> CountAsync(Guid role, Actor actor, CancellationToken cancellationToken) =>
        (await CountAsync([role], actor, cancellationToken))[role];

    /// <summary>Who has the role, the newest accounts first.</summary>
    public async Task<Page<RoleHolder>> ListAsync(Guid role, PageQuery page, Actor actor, CancellationToken cancellationToken)
    {
        var tenant = actor.Tenant.Id;
        var (holders, given) = await database.QueryAsync(
            async db =>
            {
                var visible = Visible(actor);
                var ids = await db.ListAsync<Guid>(
                    $"""
                    select distinct user_id from organizations.role_assignments
                     where tenant_id = @tenant and role_id = @role and {page.Beyond("user_id")}
                       and (@visible::uuid[] is null or organization_id = any(@visible))
                     {page.Order("user_id")}
                    """,
                    new
                    {
                        tenant,
                        role,
                        visible,
                        page.Cursor,
                        page.Rows,
                    }
                );
                return (ids, await GivenRole.ListAsync(db, tenant, [.. ids], visible, role));
            },
            cancellationToken
        );
        var names = await users.NamesAsync(tenant, holders, cancellationToken);
        var byUser = given.ToLookup(one => one.UserId);
        return page.Of(
            holders,
            id => id,
            id => new RoleHolder
            {
                User = new UserLink(id) { Name = names.GetValueOrDefault(id)?.Name, Username = names.GetValueOrDefault(id)?.Username },
                Where = [.. byUser[id].Select(one => one.Organization)],
                Since = byUser[id].Min(one => one.AssignedAt),
            }
        );
    }

    private static Guid[]? Visible(Actor actor) => actor.RequiredAccess.OrganizationsWith(AccessArea.ReadRoles.Name)?.ToArray();

    private sealed class RoleCount
    {
        public Guid RoleId { get; init; }

        public int Holders { get; init; }
    }
}

/// <summary>Somebody who has a role.</summary>
public sealed record RoleHolder
{
    public required UserLink User { get; init; }

    /// <summary>Where it counts; null for the whole tenant.</summary>
    public required IReadOnlyList<OrganizationLink?> Where { get; init; }

    /// <summary>When it was given first.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>A user as pages name it.</summary>
public sealed record UserLink(Guid Id)
{
    /// <summary>Null for an erased one.</summary>
    public required string? Name { get; init; }

    public required string? Username { get; init; }

    public override string ToString() => nameof(UserLink);
}
