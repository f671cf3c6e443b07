using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Structure;

/// <summary>Organizations by id or by member, as far as an actor may see them.</summary>
internal sealed class OrganizationNames(Database database)
{
    private const int MaxListed = 100;

    public Task<IReadOnlyList<OrganizationView>> FindAsync(
        Actor actor,
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    ) => ReadAsync(actor, "id = any(@wanted)", new { wanted = ids.ToArray() }, cancellationToken);

    /// <summary>Those of a user, at most a hundred.</summary>
    public Task<IReadOnlyList<OrganizationView>> OfUserAsync(Actor actor, Guid user, CancellationToken cancellationToken) =>
        ReadAsync(
            actor,
            "id in (select organization_id from organizations.members where tenant_id = @tenant and user_id = @user)",
            new { user },
            cancellationToken
        );

    private async Task<IReadOnlyList<OrganizationView>> ReadAsync(
        Actor actor,
        string condition,
        object wanted,
        CancellationToken cancellationToken
    )
    {
        var visible = actor.RequiredAccess.OrganizationsWith(StructureArea.ReadOrganizations.Name);
        var rows = await database.QueryAsync(
            db =>
                db.ListAsync<OrganizationRow>(
                    $"""
                    select {OrganizationRow.Columns} from organizations.organizations
                     where tenant_id = @tenant and (@visible::uuid[] is null or id = any(@visible)) and {condition}
                     order by name, id limit @MaxListed
                    """,
                    DbSession.Parameters(
                        new
                        {
                            tenant = actor.Tenant.Id,
                            visible = visible?.ToArray(),
                            MaxListed,
                        },
                        wanted
                    )
                ),
            cancellationToken
        );
        return [.. rows.Select(row => row.View())];
    }
}
