using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Data;

/// <summary>Statements on people that several slices use.</summary>
internal static class Users
{
    public const string EmailKind = "email";
    public const string UsernameKind = "username";
    public const string EmailPlace = "users.email";

    public static Task<bool> EmailIsKnownAsync(Sql sql, Guid tenantId, short indexVersion, byte[] index) => sql.SingleAsync<bool>(
        """
        select exists (select 1 from identity.identifiers
                        where tenant_id = @tenantId and kind = @kind and index_version = @indexVersion and blind_index = @index)
        """,
        new { tenantId, kind = EmailKind, indexVersion, index });

    public static Task<bool> UsernameIsTakenAsync(Sql sql, Guid tenantId, string usernameKey) => sql.SingleAsync<bool>(
        "select exists (select 1 from identity.users where tenant_id = @tenantId and username_key = @usernameKey)", new { tenantId, usernameKey });
}
