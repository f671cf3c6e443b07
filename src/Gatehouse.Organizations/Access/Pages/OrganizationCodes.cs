using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Pages;

namespace Gatehouse.Organizations.Access;

/// <summary>
/// The field in which an organization is named by its code: any one, however many there are. The newest of those in which the actor may do
/// what the form is for are suggested.
/// </summary>
internal sealed class OrganizationCodes(Database database)
{
    public const string Field = "organization";

    private const int Suggested = 50;

    public async Task<IReadOnlyList<OrganizationLink>> SuggestAsync(Permission permission, Actor actor, CancellationToken cancellationToken)
    {
        var visible = actor.RequiredAccess.OrganizationsWith(permission.Name);
        var newest = await database.QueryAsync(
            db => OrganizationRow.NewestAsync(db, actor.Tenant.Id, visible, Suggested),
            cancellationToken
        );
        return [.. newest.Select(OrganizationLink.Of)];
    }

    /// <summary>The active organization with the code, if the actor may do this there; the error is that of the field.</summary>
    public async Task<Outcome<OrganizationLink>> FindAsync(
        string code,
        Permission permission,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var errors = new ValidationErrors();
        if (TextInput.Clean(code, Field, RoleInput.MaxName, errors) is not { } clean)
            return RequestErrors.InvalidWith(errors);
        var row = await database.QueryAsync(db => OrganizationRow.FindByCodeAsync(db, actor.Tenant.Id, clean), cancellationToken);
        return row?.State == OrganizationRow.Active && actor.RequiredAccess.AllowsIn(row.Id, permission.Name)
            ? OrganizationLink.Of(row)
            : ((Error?)AccessErrors.OrganizationNotFound).AtField(Field, AccessErrors.OrganizationNotFound)!;
    }

    /// <summary>The organizations with these ids; null among them is none.</summary>
    public async Task<IReadOnlyDictionary<Guid, OrganizationLink>> NamesAsync(
        IEnumerable<Guid?> ids,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var wanted = ids.OfType<Guid>().Distinct().ToArray();
        if (wanted.Length == 0)
            return new Dictionary<Guid, OrganizationLink>();
        var rows = await database.QueryAsync(db => OrganizationRow.ListAsync(db, actor.Tenant.Id, wanted), cancellationToken);
        return rows.ToDictionary(row => row.Id, OrganizationLink.Of);
    }

    public async Task<OrganizationLink?> NameAsync(Guid? id, Actor actor, CancellationToken cancellationToken) =>
        id is { } wanted ? (await NamesAsync([id], actor, cancellationToken)).GetValueOrDefault(wanted) : null;

    /// <summary>An active one by its id, if the actor may do this there.</summary>
    public async Task<OrganizationLink?> FindAsync(Guid id, Permission permission, Actor actor, CancellationToken cancellationToken) =>
        actor.RequiredAccess.AllowsIn(id, permission.Name)
        && await database.QueryAsync(db => OrganizationRow.FindAsync(db, actor.Tenant.Id, id), cancellationToken) is { } row
        && row.State == OrganizationRow.Active
            ? OrganizationLink.Of(row)
            : null;
}
