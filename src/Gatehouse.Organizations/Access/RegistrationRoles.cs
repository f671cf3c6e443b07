using System.Text.Json;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Access;

/// <summary>Roles that users take by registering, as they are stored.</summary>
internal sealed class RegistrationRoles(KnownPermissions permissions) : IRegistrationRoles
{
    public async Task<RegistrationRole?> FindOpenAsync(DbSession db, Guid tenantId, string name) =>
        await db.FirstOrDefaultAsync<RoleRow>(
            $"""
            select {RoleRow.Columns} from organizations.roles
             where tenant_id = @tenantId and organization_id = @WholeTenant and name = @name
            """,
            new
            {
                tenantId,
                Roles.WholeTenant,
                name,
            }
        )
            is { } row
            ? await OpenAsync(db, tenantId, row)
            : null;

    public async Task<RegistrationRole?> FindOpenAsync(DbSession db, Guid tenantId, Guid roleId) =>
        await RoleRow.FindAsync(db, tenantId, roleId) is { Where: null } row ? await OpenAsync(db, tenantId, row) : null;

    public async Task<RegistrationRole?> HoldOpenAsync(Transaction tx, Guid tenantId, Guid roleId)
    {
        // Whoever closes, changes or deletes the role locks its row.
        await tx.ExecuteAsync(
            "select 1 from organizations.roles where tenant_id = @tenantId and id = @roleId for share",
            new { tenantId, roleId }
        );
        return await FindOpenAsync(tx, tenantId, roleId);
    }

    public async Task AssignAsync(Transaction tx, Guid user, RegistrationRole role, Actor actor)
    {
        var assignment = new Assignment(user, role.Id, OrganizationId: null);
        if (await assignment.InsertAsync(tx, actor.Tenant.Id, by: user))
            tx.Record(
                (AuditRecord.Of(actor, "role.assigned") with { Subject = user }).WithFact("role", role.Name).WithFact("by", "registration")
            );
    }

    public Task<int?> FindMinimumAgeAsync(DbSession db, Guid tenantId, Guid userId) =>
        db.SingleAsync<int?>(
            """
            select max(r.minimum_age)::int from organizations.role_assignments a
              join organizations.role_registrations r on r.tenant_id = a.tenant_id and r.role_id = a.role_id
             where a.tenant_id = @tenantId and a.user_id = @userId
            """,
            new { tenantId, userId }
        );

    // What it allows may have changed since it was opened, and so may what the program declares.
    private async Task<RegistrationRole?> OpenAsync(DbSession db, Guid tenant, RoleRow row) =>
        await RoleRegistrationRow.ReadAsync(db, tenant, row.Id) is { IsOpen: true } registration
        && !row.Permissions.Any(permissions.IsDeclared)
            ? Describe(row, registration)
            : null;

    private static RegistrationRole Describe(RoleRow role, RoleRegistrationRow registration) =>
        new()
        {
            Id = role.Id,
            Name = role.Name,
            Labels = RoleViews.Labels(role),
            RequiredFields = registration.RequiredFields,
            MinimumAge = registration.MinimumAge,
            VerifiesByLink = registration.Verification == RoleRegistrationRow.ByLink,
            SignsInBeforeVerification = registration.EarlySignIn,
            Introduction = registration.Introductions(),
        };
}

internal static class RoleIntroductions
{
    /// <summary>The lines of the mail, by language.</summary>
    public static IReadOnlyDictionary<string, string> Introductions(this RoleRegistrationRow row) =>
        JsonSerializer.Deserialize(row.Introduction, AccessJson.Default.IReadOnlyDictionaryStringString)!;
}
