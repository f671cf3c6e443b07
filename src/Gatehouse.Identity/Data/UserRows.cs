using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Data;

/// <summary>What is stored of a user beside its own row.</summary>
internal static class UserRows
{
    private static readonly string[] OfFactors =
    [
        "identity.totp",
        "identity.passkeys",
        "identity.sent_code_factors",
        "identity.recovery_codes",
        "identity.remembered_devices",
    ];

    /// <summary>Tables of this schema that know a user by <c>user_id</c> and nothing of what is in them outlives the user.</summary>
    public static readonly IReadOnlyList<string> Tables =
    [
        .. OfFactors,
        "identity.identifiers",
        "identity.verifications",
        "identity.memberships",
        "identity.challenges",
        "identity.passkey_ceremonies",
        "identity.former_emails",
        "identity.former_usernames",
        "identity.accepted_terms",
        "identity.password_resets",
        "identity.exports",
    ];

    /// <summary>The user has no second factor, and nothing that stands in for one. Whom that concerns is told by the caller.</summary>
    public static async Task RemoveFactorsAsync(Transaction tx, Guid tenant, Guid id)
    {
        await RemoveAsync(tx, OfFactors, tenant, id);
        await tx.ExecuteAsync("update identity.users set second_factors = '{}' where tenant_id = @tenant and id = @id", new { tenant, id });
    }

    /// <summary>Removes the user whose sessions have ended, and all that is stored of it here but the sessions themselves: nodes still
    /// follow them to learn what was revoked; where and on what they were is nobody's business any more.</summary>
    public static async Task RemoveAsync(Transaction tx, Guid tenant, Guid id)
    {
        await tx.ExecuteAsync(
            "update identity.sessions set device = '', network = '' where tenant_id = @tenant and user_id = @id",
            new { tenant, id }
        );
        await RemoveAsync(tx, Tables, tenant, id);
        await tx.ExecuteAsync("delete from identity.users where tenant_id = @tenant and id = @id", new { tenant, id });
    }

    private static async Task RemoveAsync(Transaction tx, IReadOnlyList<string> tables, Guid tenant, Guid id)
    {
        foreach (var table in tables)
            await tx.ExecuteAsync($"delete from {table} where tenant_id = @tenant and user_id = @id", new { tenant, id });
    }
}
