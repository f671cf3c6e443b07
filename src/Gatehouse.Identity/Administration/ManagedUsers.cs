using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Administration;

/// <summary>Finds users as far as an actor reaches, and decides whether the actor may change one. Users out of reach do not
/// exist.</summary>
internal sealed class ManagedUsers(
    Database database,
    SubjectKeys subjectKeys,
    PictureAddresses pictures,
    TimeProvider clock,
    IAccessDirectory? directory = null
)
{
    public async Task<Outcome<ManagedUser>> FindAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        var user = await database.QueryAsync(db => InScopeAsync(db, id, AdministrationArea.ReadUsers, actor), cancellationToken);
        if (user is null)
            return AdministrationErrors.UserNotFound;
        var key = await subjectKeys.FindAsync(user.Id, cancellationToken);
        return ManagedUser.Of(user, key, clock.GetUtcNow(), pictures);
    }

    public async Task<bool> IsVisibleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        await database.QueryAsync(db => InScopeAsync(db, id, AdministrationArea.ReadUsers, actor), cancellationToken) is not null;

    /// <summary>The page's users, each with its address.</summary>
    public async Task<IReadOnlyList<UserSummary>> SummariesAsync(IReadOnlyList<StoredUser> users, CancellationToken cancellationToken)
    {
        var keys = await subjectKeys.FindAllAsync([.. users.Select(u => u.Id)], cancellationToken);
        return [.. users.Select(u => UserSummary.Of(u, keys.GetValueOrDefault(u.Id)))];
    }

    /// <summary>Null if the actor may change the user. A rejection of a user in reach is recorded.</summary>
    /// <param name="action">What is tried, as the audit calls it.</param>
    public async Task<Error?> RejectChangeAsync(Guid id, Actor actor, string action, CancellationToken cancellationToken)
    {
        if (await MayChangeOrNullAsync(id, actor, cancellationToken) is not { } mayChange)
            return AdministrationErrors.UserNotFound;
        if (mayChange)
            return null;

        var rejection = AdministrationErrors.ExceedsOwnAccess;
        await database.InTransactionAsync(
            "user.reject-change",
            tx =>
            {
                tx.Record((AuditRecord.Of(actor, action) with { Subject = id }).RefusedWith(rejection.Code));
                return Task.FromResult(true);
            },
            cancellationToken
        );
        return rejection;
    }

    /// <summary>Whether the actor may change the user; asks without a trace, for pages that offer what can be done.</summary>
    public async Task<bool> MayChangeAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        await MayChangeOrNullAsync(id, actor, cancellationToken) == true;

    // Null for a user out of reach.
    private async Task<bool?> MayChangeOrNullAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        var memberships = await database.QueryAsync(
            async db =>
                await InScopeAsync(db, id, AdministrationArea.WriteUsers, actor) is null
                    ? null
                    : await db.ListAsync<Guid>(
                        "select organization_id from identity.memberships where tenant_id = @tenant and user_id = @id",
                        new { tenant = actor.Tenant.Id, id }
                    ),
            cancellationToken
        );
        if (memberships is null || directory is null)
            return null;
        var access = await directory.FindAsync(actor.Tenant.Id, id, cancellationToken);
        return ChangeRules.MayChange(access, memberships, actor.RequiredAccess);
    }

    private static Task<StoredUser?> InScopeAsync(DbSession db, Guid id, Permission permission, Actor actor)
    {
        var scope = UserScope.Of(actor, permission);
        return db.FirstOrDefaultAsync<StoredUser>(
            $"select {StoredUser.Columns} from identity.users u where tenant_id = @tenant and id = @id and {scope.Condition}",
            new
            {
                tenant = actor.Tenant.Id,
                id,
                scope.Organizations,
            }
        );
    }
}

/// <summary>Whose account an actor may change. Pure.</summary>
internal static class ChangeRules
{
    /// <summary>
    /// An account counts everywhere: an administrator of organizations changes only users who belong to no other, and nobody changes a user
    /// whose roles allow more than the own ones.
    /// </summary>
    /// <param name="memberships">Organizations of the user.</param>
    public static bool MayChange(UserAccess user, IReadOnlyCollection<Guid> memberships, UserAccess actor)
    {
        var managed = actor.OrganizationsWith(AdministrationArea.WriteUsers.Name);
        return (managed is null || memberships.All(managed.Contains)) && user.Grants.All(grant => Covers(actor, grant));
    }

    // A role of the platform counts in all tenants, so what the actor may do in one does not cover it.
    private static bool Covers(UserAccess actor, RoleGrant grant) =>
        grant.Permissions.IsSubsetOf((grant.Level == AccessLevel.Platform ? actor.AcrossTenants() : actor).In(grant.OrganizationId));
}
