using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;

namespace Gatehouse.OpenId.Clients;

/// <summary>
/// Who may change which client: nobody gives one a scope that they do not hold there themselves, and nobody touches one that may do more
/// than they may, because its secret would be theirs.
/// </summary>
internal sealed class ClientRules(IPermissionDirectory permissions, IOrganizationDirectory organizations)
{
    /// <summary>What other modules know of the scopes and the organization. Asked before the transaction, which has a connection of its
    /// own.</summary>
    public async Task<Known> LookUpAsync(
        IReadOnlyList<string> scopes,
        Guid? organization,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        new(await permissions.FindAsync(scopes, cancellationToken))
        {
            HasOrganization =
                organization is null || await organizations.IsActiveAsync(actor.Tenant.Id, organization.Value, cancellationToken),
        };

    /// <summary>The rejection of a client with these scopes there; null if the actor may make it so.</summary>
    public static Error? Check(Grant grant, Known known, Actor actor)
    {
        var errors = new ValidationErrors();
        ClientInput.Check(grant.Scopes, grant.Level, known.Permissions, errors);
        if (!known.HasOrganization)
            errors.Add("organizationId", ClientInput.OrganizationUnknown);
        if (errors.Any)
            return RequestErrors.InvalidWith(errors);
        return Covers(actor.RequiredAccess, grant) ? null : ClientErrors.ExceedsOwnAccess;
    }

    /// <summary>The client under its lock, or why the actor cannot change it; what was tried is recorded.</summary>
    public static async Task<Outcome<ClientRow>> LockAsync(Transaction tx, Guid id, Actor actor, string action)
    {
        if (await ClientRow.LockAsync(tx, actor.Tenant.Id, id) is not { } row)
            return ClientErrors.NotFound;
        if (Covers(actor.RequiredAccess, new Grant(row.Scopes, row.Where) { IsPlatform = row.IsPlatform }))
            return row;
        tx.Record(Record(actor, action, row).RefusedWith(ClientErrors.ExceedsOwnAccess.Code));
        return ClientErrors.ExceedsOwnAccess;
    }

    public static AuditRecord Record(Actor actor, string action, ClientRow row) =>
        AuditRecord.Of(actor, action).WithFact("client", row.Id.ToString()).WithFact("clientId", row.ClientId);

    // What counts in all tenants is not covered by what somebody may do in one.
    internal static bool Covers(UserAccess actor, Grant grant)
    {
        var own = grant.IsPlatform ? actor.AcrossTenants() : actor;
        return own.AllowsIn(grant.Organization, ClientsArea.WriteClients.Name) && grant.Scopes.All(own.In(grant.Organization).Contains);
    }
}

/// <param name="Permissions">Those of the scopes that there are, by name.</param>
internal sealed record Known(IReadOnlyDictionary<string, Permission> Permissions)
{
    public required bool HasOrganization { get; init; }
}

/// <summary>What a client may do.</summary>
/// <param name="Organization">Where; null for the whole tenant.</param>
internal sealed record Grant(IReadOnlyList<string> Scopes, Guid? Organization)
{
    public required bool IsPlatform { get; init; }

    public AccessLevel Level => ClientRow.LevelOf(IsPlatform, Organization);
}
