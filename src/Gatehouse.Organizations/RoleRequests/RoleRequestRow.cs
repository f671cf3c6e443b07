using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>A request as it is stored.</summary>
internal sealed class RoleRequestRow
{
    public const string Columns = "id, user_id, role_id, organization_id, state, content, created_at, updated_at";

    public Guid Id { get; init; }

    public Guid UserId { get; init; }

    public Guid RoleId { get; init; }

    public Guid OrganizationId { get; init; }

    public string State { get; init; } = "";

    public EncryptedValue<RoleRequestContent> Content { get; init; } = null!;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Where the role is to count; null for the whole tenant.</summary>
    public Guid? Where => OrganizationId == Roles.WholeTenant ? null : OrganizationId;

    public Assignment Assignment => new(UserId, RoleId, Where);

    public static Task<RoleRequestRow?> FindAsync(DbSession db, Guid tenant, Guid id) =>
        db.FirstOrDefaultAsync<RoleRequestRow>(
            $"select {Columns} from organizations.role_requests where tenant_id = @tenant and id = @id",
            new { tenant, id }
        );

    /// <summary>The same; nobody else changes it until the transaction ends.</summary>
    public static Task<RoleRequestRow?> LockAsync(Transaction tx, Guid tenant, Guid id) =>
        tx.FirstOrDefaultAsync<RoleRequestRow>(
            $"select {Columns} from organizations.role_requests where tenant_id = @tenant and id = @id for update",
            new { tenant, id }
        );

    /// <summary>Whether it is the actor's own, or one to review.</summary>
    public bool IsVisibleTo(Actor actor, UserAccess access) =>
        IsOf(actor) || access.AllowsIn(Where, RoleRequestsArea.ReviewRoleRequests.Name);

    /// <summary>Whether the actor asked. Ids are unique across tenants.</summary>
    public bool IsOf(Actor actor) => UserId == actor.User?.Id;
}
