using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Structure;

/// <summary>An organization becomes active or inactive, once; its members' roles are told of by a job.</summary>
internal sealed record StateChange(string State, AuditRecord Record)
{
    /// <summary>Why, where it is asked for.</summary>
    public string? Reason { get; init; }

    public static async Task<Outcome<OrganizationRow>> ApplyAsync(Transaction tx, Guid id, StateChange change, Action publish, Actor actor)
    {
        var tenant = actor.Tenant.Id;
        var row = await VisibleOrganization.LockAsync(tx, actor, id, StructureArea.CreateOrganizations);
        if (row is null)
            return AccessErrors.OrganizationNotFound;
        if (row.State == change.State)
            return row;
        var changed = await tx.SingleAsync<OrganizationRow>(
            $"""
            update organizations.organizations set state = @State, inactive_reason = @Reason, version = version + 1, updated_at = @Now
             where tenant_id = @tenant and id = @id
            returning {OrganizationRow.Columns}
            """,
            new
            {
                change.State,
                change.Reason,
                tenant,
                id,
                tx.Now,
            }
        );
        publish();
        PublishMemberships.Enqueue(tx, tenant, id);
        tx.Record(change.Record.WithFact("organization", id.ToString()));
        return changed;
    }
}
