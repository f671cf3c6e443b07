using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Web;

namespace Gatehouse.Identity.Accounts;

/// <summary>Which terms of service a user accepted.</summary>
internal static class AcceptedTerms
{
    public const int MaxVersion = 32;

    /// <summary>Another version than the present one was accepted.</summary>
    public const string Outdated = "identity.terms-outdated";

    /// <summary>The version that is accepted; null where the tenant has no terms, and with an error.</summary>
    public static string? Check(TenantTerms? terms, string? sent, string field, ValidationErrors errors)
    {
        if (terms is null)
            return null;
        if (sent == terms.Version)
            return sent;
        errors.Add(field, TextInput.IsBlank(sent) ? ValidationCodes.Required : Outdated);
        return null;
    }

    /// <summary>What the user accepted, the latest first.</summary>
    public static Task<IReadOnlyList<AcceptedVersion>> ListAsync(DbSession db, Guid tenant, Guid user) =>
        db.ListAsync<AcceptedVersion>(
            """
            select version, accepted_at from identity.accepted_terms where tenant_id = @tenant and user_id = @user
             order by accepted_at desc, version
            """,
            new { tenant, user }
        );

    /// <summary>Keeps what the user accepted, and publishes it.</summary>
    public static async Task RecordAsync(Transaction tx, LockedUser user, string version, DateTimeOffset acceptedAt)
    {
        await tx.ExecuteAsync(
            """
            with kept as (
                insert into identity.accepted_terms (tenant_id, user_id, version, accepted_at)
                values (@TenantId, @Id, @version, @acceptedAt)
                on conflict on constraint accepted_terms_pkey do update set accepted_at = excluded.accepted_at)
            update identity.users set terms_version = @version where tenant_id = @TenantId and id = @Id
            """,
            new
            {
                user.Row.TenantId,
                user.Row.Id,
                version,
                acceptedAt,
            }
        );
        user.Publish(
            tx,
            new UserTermsAcceptedV1
            {
                UserId = user.Row.Id,
                Version = version,
                AcceptedAt = acceptedAt,
            }
        );
        await user.ReloadAsync(tx);
    }
}

/// <summary>A version of the terms that a user accepted.</summary>
public sealed class AcceptedVersion
{
    public string Version { get; init; } = "";

    public DateTimeOffset AcceptedAt { get; init; }
}
