using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Data;

/// <summary>Statements on users that several slices use.</summary>
internal static class Users
{
    public const string EmailKind = "email";
    public const string UsernameKind = "username";
    public const string EmailContext = "users.email";

    public static Task<bool> EmailIsKnownAsync(DbSession db, Guid tenantId, short indexVersion, byte[] index) =>
        db.SingleAsync<bool>(
            """
            select exists (select 1 from identity.identifiers
                            where tenant_id = @tenantId and kind = @kind and index_version = @indexVersion and blind_index = @index)
            """,
            new
            {
                tenantId,
                kind = EmailKind,
                indexVersion,
                index,
            }
        );

    public static Task<bool> UsernameIsTakenAsync(DbSession db, Guid tenantId, string usernameKey) =>
        db.SingleAsync<bool>(
            "select exists (select 1 from identity.users where tenant_id = @tenantId and username_key = @usernameKey)",
            new { tenantId, usernameKey }
        );
}
