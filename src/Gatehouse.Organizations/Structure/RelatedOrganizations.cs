using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Access;

namespace Gatehouse.Organizations.Structure;

/// <summary>Two organizations of a tenant that belong together, told of from both sides.</summary>
internal static class RelatedOrganizations
{
    /// <summary>Locks both in one order, so that the two sides never wait for each other.</summary>
    /// <returns>The rejection if the actor may not change both.</returns>
    public static async Task<Error?> LockAsync(Transaction tx, Actor actor, Guid id, Guid other)
    {
        if (id == other)
            return StructureErrors.RelatedToItself;
        foreach (var one in new[] { id, other }.Order())
        {
            if (await VisibleOrganization.LockAsync(tx, actor, one, StructureArea.WriteOrganizations) is null)
                return AccessErrors.OrganizationNotFound;
        }

        return null;
    }

    public static void Publish(Transaction tx, Guid tenant, Guid id, Guid other, bool isAdded)
    {
        foreach (var (one, related) in new[] { (id, other), (other, id) })
            tx.Publish(
                tenant,
                one,
                new OrganizationRelatedChangedV1
                {
                    OrganizationId = one,
                    Added = isAdded ? [related] : [],
                    Removed = isAdded ? [] : [related],
                }
            );
    }

    public static AuditRecord Between(this AuditRecord record, Guid id, Guid other) =>
        record.WithFact("organization", id.ToString()).WithFact("related", other.ToString());
}
