using Gatehouse.Web.Exports;

namespace Gatehouse.Audit.Data;

/// <summary>What a user did and what was done to the user, as the own export has it, without the routine exchange of tokens. Who else took
/// part, and from where, is theirs.</summary>
internal static class ActivityExport
{
    public static ExportedRows Rows { get; } =
        new()
        {
            Name = "activity",
            Text = "page.export.activity",
            Statement = """
                select id, recorded_at, action, result, reason, actor is not distinct from @user as by_you,
                       subject is not distinct from @user as about_you,
                       case when actor is null or actor = @user then session end as session,
                       case when actor is null or actor = @user then network end as network,
                       case when actor is null or actor = @user then device end as device,
                       case when subject is null or subject = @user then facts::json end as facts
                  from audit.records
                 where tenant_id = @tenant and (subject = @user or actor = @user) and action <> 'session.refreshed'
                 order by id
                """,
        };
}
