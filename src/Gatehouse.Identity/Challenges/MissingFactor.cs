using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Challenges;

/// <summary>A second factor that the tenant asks a user for who has none.</summary>
internal static class MissingFactor
{
    /// <summary>
    /// Whether a session that begins now is good for adding a second factor alone. The first sign-in that finds one missing starts the
    /// time in which it does without.
    /// </summary>
    public static async Task<bool> IsDueAsync(Transaction tx, StoredUser user, TenantSettings settings)
    {
        if (!await IsRequiredAsync(tx, user, settings))
            return false;
        var due = user.SecondFactorDueAt ?? tx.Now.AddDays(settings.SecondFactorGraceDays);
        if (user.SecondFactorDueAt is null)
            await tx.ExecuteAsync(
                "update identity.users set second_factor_due_at = @due where tenant_id = @TenantId and id = @Id",
                new
                {
                    due,
                    user.TenantId,
                    user.Id,
                }
            );
        return due <= tx.Now;
    }

    /// <summary>Whether the tenant asks the user for one.</summary>
    public static async Task<bool> IsRequiredAsync(DbSession db, StoredUser user, TenantSettings settings) =>
        SecondFactorRules.IsRequired(settings, [])
        || (
            settings is { SecondFactor: SecondFactorPolicy.Optional, SecondFactorRoles.Count: > 0 }
            && SecondFactorRules.IsRequired(
                settings,
                await db.ListAsync<string>(
                    """
                    select distinct unnest(roles) from identity.memberships where tenant_id = @TenantId and user_id = @Id
                    """,
                    new { user.TenantId, user.Id }
                )
            )
        );
}
