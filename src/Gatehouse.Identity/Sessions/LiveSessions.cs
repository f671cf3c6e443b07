using Gatehouse.Core.Postgres;
using Gatehouse.Web;

namespace Gatehouse.Identity.Sessions;

/// <summary>Reads where a user is signed in, for the user and for administrators: at our own pages and API. Applications are shown by the
/// module that knows them.</summary>
internal sealed class LiveSessions(Database database, TimeProvider clock)
{
    /// <param name="current">The session of the request.</param>
    public async Task<Page<ListSessions.Item>> PageAsync(
        Guid tenant,
        Guid user,
        PageQuery page,
        Guid? current,
        CancellationToken cancellationToken
    )
    {
        var sessions = await database.QueryAsync(
            db =>
                db.ListAsync<UserSession>(
                    $"""
                    select {UserSession.Columns} from identity.sessions
                     where tenant_id = @tenant and user_id = @user and client_id is null
                       and ended_at is null and idle_ends_at > @now and ends_at > @now
                       and {page.Beyond("id")}
                     {page.Order("id")}
                    """,
                    new
                    {
                        tenant,
                        user,
                        now = clock.GetUtcNow(),
                        page.Cursor,
                        page.Rows,
                    }
                ),
            cancellationToken
        );
        return page.Of(
            sessions,
            s => s.Id,
            s => new ListSessions.Item
            {
                Id = s.Id,
                Current = s.Id == current,
                Device = s.Device,
                Network = s.Network,
                Method = s.Method,
                CreatedAt = s.CreatedAt,
                UsedAt = s.UsedAt,
                EndsAt = s.IdleEndsAt,
            }
        );
    }
}
