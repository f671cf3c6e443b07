using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Access;

/// <summary>Says which roles a user has, by whom and since when, as far as the actor may see it. Users out of reach do not exist.</summary>
internal sealed class UserRoles(Database database, KnownPermissions permissions, RoleViews views, IUserDirectory users)
{
    public async Task<Outcome<HeldRoles>> FindAsync(Guid user, Actor actor, CancellationToken cancellationToken)
    {
        var tenant = actor.Tenant.Id;
        if (!(await users.NamesAsync(tenant, [user], cancellationToken)).TryGetValue(user, out var named))
            return AccessErrors.UserNotFound;
        var visible = actor.RequiredAccess.OrganizationsWith(AccessArea.ReadRoles.Name);
        var found = await database.QueryAsync(
            async db => await Memberships.IsInReachAsync(db, tenant, user, visible) ? await ReadAsync(db, user, tenant, visible) : null,
            cancellationToken
        );
        if (found is null)
            return AccessErrors.UserNotFound;
        var names = await users.NamesAsync(tenant, found.Givers, cancellationToken);
        return new HeldRoles
        {
            User = new UserLink(user) { Name = named.Name, Username = named.Username },
            Roles = [.. found.Given.Select(given => Describe(given, found, names, actor))],
        };
    }

    private async Task<Found> ReadAsync(DbSession db, Guid user, Guid tenant, IReadOnlySet<Guid>? visible)
    {
        var given = await GivenRole.ListAsync(db, tenant, [user], visible?.ToArray());
        var own = await RoleRow.ListAsync(db, tenant, [.. given.Select(one => one.RoleId).Distinct()]);
        var givers = given.Select(one => one.AssignedBy).OfType<Guid>().Distinct().ToArray();
        return new Found
        {
            Given = given,
            Own = own.ToDictionary(row => row.Id),
            Known = await permissions.ReadAsync(db),
            // Who gave it may be somebody whom an administrator of organizations does not see.
            Givers = visible is null ? givers : await Memberships.InReachAsync(db, tenant, givers, visible),
        };
    }

    private HeldRole Describe(GivenRole given, Found found, IReadOnlyDictionary<Guid, UserNames> names, Actor actor)
    {
        var where = given.Organization;
        var row = found.Own.GetValueOrDefault(given.RoleId);
        var view = row is null ? views.View(BuiltInRole.Find(given.RoleId)!, found.Known) : RoleViews.View(row, found.Known);
        var role = row?.ToRole(found.Known) ?? Roles.Of(BuiltInRole.Find(given.RoleId)!, found.Known);
        // In an organization, what is held in the whole tenant only counts for nothing.
        var level =
            role.IsBuiltIn ? role.Level
            : where is null ? AccessLevel.Tenant
            : AccessLevel.Organization;
        return new HeldRole
        {
            RoleId = role.Id,
            Name = role.Name,
            Labels = view.Labels,
            Where = where,
            Permissions = [.. found.Known.HeldAt(level, role.Permissions).Order(StringComparer.Ordinal)],
            GivenAt = given.AssignedAt,
            IsByCommand = given.AssignedBy is null,
            GivenBy =
                given.AssignedBy is { } giver && found.Givers.Contains(giver)
                    ? new UserLink(giver) { Name = names.GetValueOrDefault(giver)?.Name, Username = null }
                    : null,
            MayTake = AssignmentRules.Check(role, where?.Id, actor.RequiredAccess) is null,
        };
    }

    private sealed record Found
    {
        public required IReadOnlyList<GivenRole> Given { get; init; }

        public required IReadOnlyDictionary<Guid, RoleRow> Own { get; init; }

        public required PermissionSet Known { get; init; }

        public required IReadOnlyCollection<Guid> Givers { get; init; }
    }
}

/// <summary>A user with the roles that the actor may see.</summary>
public sealed record HeldRoles
{
    public required UserLink User { get; init; }

    /// <summary>In the order of assignment.</summary>
    public required IReadOnlyList<HeldRole> Roles { get; init; }

    /// <summary>What is held with the roles that give it. Roles in organizations that are not active give nothing.</summary>
    public ILookup<string, HeldRole> Effective =>
        Roles
            .Where(role => role.Where?.IsActive != false)
            .SelectMany(role => role.Permissions, (role, permission) => (role, permission))
            .ToLookup(pair => pair.permission, pair => pair.role, StringComparer.Ordinal);

    /// <summary>What nothing else gives in the same place.</summary>
    public IReadOnlyList<string> LostWith(HeldRole taken) =>
        [
            .. taken.Permissions.Except(
                Roles
                    .Where(role => role != taken && (role.Where is null || role.Where == taken.Where))
                    .SelectMany(role => role.Permissions),
                StringComparer.Ordinal
            ),
        ];
}

/// <summary>A role that a user has.</summary>
public sealed record HeldRole
{
    public required Guid RoleId { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Where it counts; null for the whole tenant.</summary>
    public required OrganizationLink? Where { get; init; }

    public required IReadOnlyList<string> Permissions { get; init; }

    public required DateTimeOffset GivenAt { get; init; }

    /// <summary>Null for a command, and for somebody whom the actor does not see.</summary>
    public required UserLink? GivenBy { get; init; }

    public required bool IsByCommand { get; init; }

    /// <summary>Whether the actor may take it away.</summary>
    public required bool MayTake { get; init; }
}
