using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Sessions;

/// <content>How sessions end.</content>
internal sealed partial class UserSessions
{
    private const string Action = "session.ended";

    /// <summary>Ends one session, and with a browser's those of applications that began in it. False when the user has no such live
    /// session.</summary>
    public async Task<bool> EndOneAsync(Transaction tx, LockedUser user, Actor actor, Guid session, string reason)
    {
        var ended = await tx.ListAsync<Guid>(
            $"{Ending} and (id = @session or parent_id = @session) and idle_ends_at > @now and ends_at > @now returning id",
            new
            {
                tenant = user.Row.TenantId,
                user = user.Row.Id,
                session,
                reason,
                now = tx.Now,
            }
        );
        NoteEnded(tx, user, Ended(actor), reason, ended);
        return ended.Contains(session);
    }

    /// <summary>Ends the sessions that were good for adding a second factor alone.</summary>
    public async Task EndUnenrolledAsync(Transaction tx, LockedUser user, Actor actor)
    {
        var ended = await tx.ListAsync<Guid>(
            $"{Ending} and must_enroll returning id",
            new
            {
                tenant = user.Row.TenantId,
                user = user.Row.Id,
                reason = SessionEnd.SecondFactorAdded,
            }
        );
        NoteEnded(tx, user, Ended(actor), SessionEnd.SecondFactorAdded, ended);
    }

    /// <summary>Ends all sessions, or all but one and what began in it.</summary>
    public Task<int> EndAllAsync(Transaction tx, LockedUser user, Actor actor, Guid? except, string reason) =>
        EndAllAsync(tx, user, Ended(actor), except, reason);

    /// <summary>The same, by the server itself.</summary>
    public Task<int> EndAllAsync(Transaction tx, LockedUser user, string reason) =>
        EndAllAsync(tx, user, new AuditRecord(user.Row.TenantId, Action), except: null, reason);

    /// <summary>Ends the sessions whose current organization was deactivated.</summary>
    /// <param name="memberships">All organizations that were the user's.</param>
    /// <param name="inactive">Those of them that no longer count.</param>
    public async Task EndInAsync(Transaction tx, LockedUser user, IReadOnlyList<Guid> memberships, IReadOnlyList<Guid> inactive)
    {
        var ended = await tx.ListAsync<Guid>(
            $"""
            {Ending}
               and case when organization_id = any(@memberships) then organization_id else @oldest end = any(@inactive)
            returning id
            """,
            new
            {
                tenant = user.Row.TenantId,
                user = user.Row.Id,
                reason = SessionEnd.OrganizationDeactivated,
                memberships = memberships.ToArray(),
                inactive = inactive.ToArray(),
                // What a session without one of its own speaks for: the rule of TokenRoles.
                oldest = TokenRoles.Current(memberships, chosen: null),
            }
        );
        NoteEnded(tx, user, new AuditRecord(user.Row.TenantId, Action), SessionEnd.OrganizationDeactivated, ended);
    }

    private async Task<int> EndAllAsync(Transaction tx, LockedUser user, AuditRecord record, Guid? except, string reason)
    {
        var ended = await tx.ListAsync<Guid>(
            $"{Ending} and id is distinct from @except and (@except::uuid is null or parent_id is distinct from @except) returning id",
            new
            {
                tenant = user.Row.TenantId,
                user = user.Row.Id,
                except,
                reason,
            }
        );
        NoteEnded(tx, user, record, reason, ended);
        return ended.Count;
    }

    // Which session did it is what matters after a theft.
    private static AuditRecord Ended(Actor actor)
    {
        var record = AuditRecord.Of(actor, Action);
        return actor.User is { } person ? record.WithFact("by", person.SessionId.ToString()) : record;
    }

    private void NoteEnded(Transaction tx, LockedUser user, AuditRecord record, string reason, IReadOnlyList<Guid> ended)
    {
        foreach (var id in ended)
        {
            user.Publish(
                tx,
                new SessionRevokedV1
                {
                    UserId = user.Row.Id,
                    SessionId = id,
                    Reason = reason,
                }
            );
            tx.Record(record with { Subject = user.Row.Id, Session = id, Reason = reason });
        }

        if (ended.Count == 0)
            return;
        tx.AfterCommit(() =>
        {
            revocations.Add(user.Row.TenantId, ended);
            metrics.SessionsEnded(reason, ended.Count);
        });
    }
}
