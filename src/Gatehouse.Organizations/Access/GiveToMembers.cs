using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Access;

/// <summary>Gives a role to all members of an organization there: one after the other, each as <see cref="AssignRole"/> does it.</summary>
internal sealed class GiveToMembers(Database database, AssignRole.Handler assign)
{
    private const int Batch = 100;

    /// <summary>How many members there are, and how many have the role there.</summary>
    public Task<MemberCount> CountAsync(Guid role, Guid organization, Actor actor, CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.SingleAsync<MemberCount>(
                    """
                    select count(*)::int as members, count(a.user_id)::int as holders
                      from organizations.members m
                      left join organizations.role_assignments a
                        on a.tenant_id = m.tenant_id and a.user_id = m.user_id and a.organization_id = m.organization_id
                       and a.role_id = @role
                     where m.tenant_id = @tenant and m.organization_id = @organization
                    """,
                    new
                    {
                        tenant = actor.Tenant.Id,
                        role,
                        organization,
                    }
                ),
            cancellationToken
        );

    public async Task<GivenToMembers> RunAsync(Guid role, Guid organization, Actor actor, CancellationToken cancellationToken)
    {
        var (given, had) = (0, 0);
        var rejections = new Dictionary<string, int>(StringComparer.Ordinal);
        var after = Guid.AllBitsSet;
        while (await BatchAsync(organization, after, actor, cancellationToken) is { Count: > 0 } members)
        {
            foreach (var member in members)
            {
                var outcome = await assign.HandleAsync(new Assignment(member, role, organization), actor, cancellationToken);
                if (outcome.Error is { } error)
                    rejections[error.Code] = rejections.GetValueOrDefault(error.Code) + 1;
                else if (outcome.Value)
                    given++;
                else
                    had++;
            }

            after = members[^1];
        }

        return new GivenToMembers(given, had) { Rejections = rejections };
    }

    private Task<IReadOnlyList<Guid>> BatchAsync(Guid organization, Guid after, Actor actor, CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.ListAsync<Guid>(
                    """
                    select user_id from organizations.members
                     where tenant_id = @tenant and organization_id = @organization and user_id < @after
                     order by user_id desc limit @Batch
                    """,
                    new
                    {
                        tenant = actor.Tenant.Id,
                        organization,
                        after,
                        Batch,
                    }
                ),
            cancellationToken
        );

    internal sealed class MemberCount
    {
        public int Members { get; init; }

        public int Holders { get; init; }
    }
}

/// <summary>How many were given a role, how many had it, and how many were not given it, by the code of why not.</summary>
internal sealed record GivenToMembers(int Given, int Had)
{
    public required IReadOnlyDictionary<string, int> Rejections { get; init; }
}
