using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>The event of each state that a review leads to.</summary>
internal static class ReviewEvents
{
    public static void Publish(Transaction tx, Guid tenant, RoleRequestRow row, string state, Role role, string? organization)
    {
        switch (state)
        {
            case RoleRequestState.Approved:
                tx.Publish(
                    tenant,
                    row.UserId,
                    new RoleRequestApprovedV1
                    {
                        RequestId = row.Id,
                        UserId = row.UserId,
                        RoleId = role.Id,
                        Role = role.Name,
                        OrganizationId = row.Where,
                        OrganizationName = organization,
                    }
                );
                break;
            case RoleRequestState.Rejected:
                tx.Publish(
                    tenant,
                    row.UserId,
                    new RoleRequestRejectedV1
                    {
                        RequestId = row.Id,
                        UserId = row.UserId,
                        RoleId = role.Id,
                        Role = role.Name,
                        OrganizationId = row.Where,
                        OrganizationName = organization,
                    }
                );
                break;
            default:
                tx.Publish(
                    tenant,
                    row.UserId,
                    new RoleRequestUnderReviewV1
                    {
                        RequestId = row.Id,
                        UserId = row.UserId,
                        RoleId = role.Id,
                        Role = role.Name,
                        OrganizationId = row.Where,
                    }
                );
                break;
        }
    }
}
