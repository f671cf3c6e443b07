using Gatehouse.Runtime.Data;
using Gatehouse.Runtime.Outcomes;

namespace Gatehouse.Identity.Data;

/// <summary>Limits the codes one address is sent in a day, known or not, however many registrations ask.</summary>
internal static class CodeQuota
{
    /// <summary>Takes one from the quota, or says when the next is free. Parallel takers never exceed the limit.</summary>
    public static async Task<Error?> TakeAsync(Tx tx, Guid tenantId, string kind, short indexVersion, byte[] index, int limit)
    {
        var parameters = new { tenantId, kind, indexVersion, index, now = tx.Now, ends = tx.Now.AddHours(24), limit };
        var taken = await tx.ExecuteAsync(
            """
            insert into identity.code_quotas as q (tenant_id, kind, index_version, blind_index, window_ends_at, sends)
            values (@tenantId, @kind, @indexVersion, @index, @ends, 1)
            on conflict (tenant_id, kind, index_version, blind_index) do update
               set sends = case when q.window_ends_at <= @now then 1 else q.sends + 1 end,
                   window_ends_at = case when q.window_ends_at <= @now then @ends else q.window_ends_at end
             where q.window_ends_at <= @now or q.sends < @limit
            """,
            parameters);
        if (taken == 1) return null;

        var ends = await tx.SingleAsync<DateTimeOffset>(
            """
            select window_ends_at from identity.code_quotas
             where tenant_id = @tenantId and kind = @kind and index_version = @indexVersion and blind_index = @index
            """,
            parameters);
        return IdentityErrors.TooManyCodes.After(ends - tx.Now);
    }
}
