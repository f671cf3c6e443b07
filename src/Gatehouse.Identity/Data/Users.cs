using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Data;

/// <summary>Statements on users that several slices use.</summary>
internal static class Users
{
    public const string EmailKind = "email";
    public const string PhoneKind = "phone";
    public const string UsernameKind = "username";

    /// <summary>Whether somebody has it, or may have it back.</summary>
    /// <param name="kind"><see cref="EmailKind"/> or <see cref="PhoneKind"/>.</param>
    public static Task<bool> ContactIsKnownAsync(DbSession db, Guid tenantId, string kind, short indexVersion, BlindIndexEntry index) =>
        db.SingleAsync<bool>(
            """
            select exists (select 1 from identity.identifiers
                            where tenant_id = @tenantId and kind = @kind and index_version = @indexVersion and blind_index = @index)
            """,
            new
            {
                tenantId,
                kind,
                indexVersion,
                index,
            }
        );
}
