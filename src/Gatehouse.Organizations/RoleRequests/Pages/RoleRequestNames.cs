using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;
using Gatehouse.Organizations.Structure;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>Role requests with what their parts are called, and how many wait.</summary>
internal sealed class RoleRequestNames(Database database, IUserDirectory users, OrganizationNames organizations)
{
    /// <summary>Beyond that nothing is counted.</summary>
    public const int MaxCounted = 100;

    public async Task<IReadOnlyList<NamedRequest>> NamedAsync(
        IReadOnlyList<ListRoleRequests.Item> items,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var tenant = actor.Tenant.Id;
        var people = await users.NamesAsync(tenant, [.. items.Select(item => item.UserId).Distinct()], cancellationToken);
        var places = (
            await organizations.FindAsync(
                actor,
                [.. items.Select(item => item.OrganizationId).OfType<Guid>().Distinct()],
                cancellationToken
            )
        ).ToDictionary(view => view.Id, view => view.Name);
        var roles = await RolesAsync(tenant, [.. items.Select(item => item.RoleId).Distinct()], cancellationToken);
        return
        [
            .. items.Select(item => new NamedRequest(item)
            {
                User = people.GetValueOrDefault(item.UserId)?.Name,
                Role = roles.GetValueOrDefault(item.RoleId),
                Organization = item.OrganizationId is { } place ? places.GetValueOrDefault(place) : null,
                IsOwn = item.UserId == actor.RequiredUser.Id,
            }),
        ];
    }

    /// <summary>Those that the actor may decide on, not counting the own ones; and since when the oldest has waited.</summary>
    public async Task<(long Count, DateTimeOffset? Oldest)> WaitingAsync(Actor actor, CancellationToken cancellationToken)
    {
        var reviewed = actor.RequiredAccess.OrganizationsWith(RoleRequestsArea.ReviewRoleRequests.Name);
        var waiting = await database.QueryAsync(
            db =>
                db.ListAsync<DateTimeOffset>(
                    $"""
                    select created_at from organizations.role_requests
                     where tenant_id = @tenant and {RoleRequestState.IsOpenCondition} and user_id <> @me
                       and (@reviewed::uuid[] is null or organization_id = any(@reviewed))
                     order by id limit @Rows
                    """,
                    new
                    {
                        tenant = actor.Tenant.Id,
                        me = actor.RequiredUser.Id,
                        reviewed = reviewed?.ToArray(),
                        Rows = MaxCounted + 1,
                    }
                ),
            cancellationToken
        );
        return (waiting.Count, waiting.Count == 0 ? null : waiting[0]);
    }

    private async Task<IReadOnlyDictionary<Guid, string>> RolesAsync(Guid tenant, Guid[] ids, CancellationToken cancellationToken)
    {
        var own = await database.QueryAsync(
            db =>
                db.ListAsync<RoleRow>(
                    $"select {RoleRow.Columns} from organizations.roles where tenant_id = @tenant and id = any(@ids)",
                    new { tenant, ids }
                ),
            cancellationToken
        );
        return own.Select(row => (row.Id, row.Name))
            .Concat(BuiltInRole.All.Select(role => (role.Id, role.Name)))
            .ToDictionary(role => role.Id, role => role.Name);
    }
}

/// <summary>A request as a list shows it.</summary>
public sealed record NamedRequest
{
    internal NamedRequest(ListRoleRequests.Item item) => Item = item;

    internal ListRoleRequests.Item Item { get; }

    /// <summary>Null for a user that was erased.</summary>
    public required string? User { get; init; }

    public required string? Role { get; init; }

    /// <summary>Null for the whole tenant, and for one that the reader may not see.</summary>
    public required string? Organization { get; init; }

    public required bool IsOwn { get; init; }

    /// <summary>Hides the names.</summary>
    public override string ToString() => Item.Id.ToString();
}
