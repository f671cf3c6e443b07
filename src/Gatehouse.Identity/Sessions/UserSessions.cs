using System.Security.Cryptography;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Tokens;
using Gatehouse.Web;

namespace Gatehouse.Identity.Sessions;

/// <summary>
/// Begins and ends sessions, within the transaction of what causes it and under the lock of the user's row: so the limit holds however many
/// sign in at once. Publishes <c>session.started.v1</c> and <c>session.revoked.v1</c> and records both.
/// </summary>
internal sealed partial class UserSessions(
    ServerKeys serverKeys,
    AccessTokens accessTokens,
    Revocations revocations,
    TokenOptions options,
    SessionMetrics metrics
)
{
    private const string OfApplication = "application";

    // Somebody who signs in to one application again and again in one browser leaves no more behind.
    private const int MaxPerClient = 5;

    private const string Ending = """
        update identity.sessions set ended_at = clock_timestamp(), end_reason = @reason
         where tenant_id = @tenant and user_id = @user and ended_at is null
        """;

    /// <param name="mustEnroll">Whether it is good for adding a second factor alone.</param>
    public async Task<TokensView> StartAsync(Transaction tx, LockedUser user, Actor actor, FirstFactor proved, bool mustEnroll)
    {
        var (method, amr) = (proved.Method, proved.Amr.ToArray());
        var id = Guid.CreateVersion7(tx.Now);
        var seed = RandomNumberGenerator.GetBytes(RefreshToken.SeedSize);
        var ends = tx.Now.AddDays(options.SessionDays);
        // The one that makes room is the one used longest ago.
        var ended = await tx.ListAsync<Guid>(
            $"""
            with ended as (
                {Ending}
                   and coalesce(parent_id, id) in (
                       select id from identity.sessions
                        where tenant_id = @tenant and user_id = @user and client_id is null
                          and ended_at is null and idle_ends_at > @now and ends_at > @now
                        order by used_at desc, id desc offset @kept)
                returning id),
            started as (
                insert into identity.sessions (tenant_id, id, user_id, seed, generation, rotated_at, method, device, network,
                                               authenticated_at, created_at, used_at, idle_ends_at, ends_at, unverified,
                                               amr, must_enroll, closed)
                values (@tenant, @id, @user, @seed, 1, now(), @method, @Device, @Network, @now, @now, @now, @idleEnds, @ends, @early,
                        @amr, @mustEnroll, @closed))
            select id from ended
            """,
            new
            {
                tenant = user.Row.TenantId,
                id,
                user = user.Row.Id,
                reason = SessionEnd.TooMany,
                kept = options.SessionsPerPerson - 1,
                seed,
                method,
                actor.Device,
                actor.Network,
                now = tx.Now,
                idleEnds = RefreshRules.IdleEnd(options, ends, tx.Now),
                ends,
                early = user.Row.IsUnverified,
                amr,
                mustEnroll,
                closed = user.Row.ClosedAt is not null,
            }
        );
        NoteEnded(tx, user, Ended(actor), SessionEnd.TooMany, ended);
        var memberships = await tx.FirstOrDefaultAsync<string?>(
            $"select {TokenRoles.Column} from (values (@tenant, @user)) as sessions (tenant_id, user_id)",
            new { tenant = user.Row.TenantId, user = user.Row.Id }
        );
        var session = new UserSession
        {
            Memberships = memberships,
            TenantId = user.Row.TenantId,
            Id = id,
            UserId = user.Row.Id,
            Seed = seed,
            AuthenticatedAt = tx.Now,
            EndsAt = ends,
            IsUnverified = user.Row.IsUnverified,
            Amr = amr,
            MustEnroll = mustEnroll,
            IsClosed = user.Row.ClosedAt is not null,
        };
        NoteStarted(tx, user, session, method, actor);
        return Tokens(session, generation: 1);
    }

    /// <summary>Begins the session of an application. Of one client in one browser, or of one client that outlives it, only the newest few
    /// stay.</summary>
    /// <param name="browser">The live session in which the user allowed it.</param>
    public async Task<UserSession> StartAsync(
        Transaction tx,
        LockedUser user,
        NewApplicationSession start,
        UserSession browser,
        Actor actor
    )
    {
        var session = new UserSession
        {
            TenantId = user.Row.TenantId,
            Id = start.Id,
            UserId = user.Row.Id,
            Seed = RandomNumberGenerator.GetBytes(RefreshToken.SeedSize),
            Generation = 1,
            ClientId = start.ClientId,
            AuthenticatedAt = start.AuthenticatedAt,
            EndsAt = start.IsOffline ? tx.Now.AddDays(options.SessionDays) : browser.EndsAt,
            OrganizationId = browser.OrganizationId,
            Memberships = browser.Memberships,
            Amr = browser.Amr,
        };
        var ended = await tx.ListAsync<Guid>(
            $"""
            with ended as (
                {Ending}
                   and id in (select id from identity.sessions
                               where tenant_id = @tenant and user_id = @user and client_id = @ClientId and ended_at is null
                                 and parent_id is not distinct from @parent
                               order by used_at desc, id desc offset @kept)
                returning id),
            started as (
                insert into identity.sessions (tenant_id, id, user_id, seed, generation, rotated_at, method, device, network,
                                               authenticated_at, created_at, used_at, idle_ends_at, ends_at, client_id, parent_id,
                                               organization_id, amr)
                values (@tenant, @Id, @user, @Seed, 1, now(), @method, @Device, @Network,
                        @AuthenticatedAt, @now, @now, @idleEnds, @EndsAt, @ClientId, @parent, @OrganizationId,
                        @Amr))
            select id from ended
            """,
            new
            {
                tenant = user.Row.TenantId,
                user = user.Row.Id,
                session.Id,
                session.Amr,
                session.ClientId,
                session.Seed,
                session.AuthenticatedAt,
                session.EndsAt,
                session.OrganizationId,
                parent = start.IsOffline ? (Guid?)null : browser.Id,
                reason = SessionEnd.TooMany,
                kept = MaxPerClient - 1,
                method = OfApplication,
                browser.Device,
                browser.Network,
                now = tx.Now,
                idleEnds = RefreshRules.IdleEnd(options, session.EndsAt, tx.Now),
            }
        );
        NoteEnded(tx, user, Ended(actor), SessionEnd.TooMany, ended);
        NoteStarted(tx, user, session, OfApplication, actor);
        return session;
    }

    /// <summary>The pair of tokens of the session at the given generation.</summary>
    public TokensView Tokens(UserSession session, long generation)
    {
        var (access, lifetime) = accessTokens.Issue(new AccessClaims(session.TenantId, session.User), session.EndsAt);
        return new TokensView
        {
            AccessToken = access,
            RefreshToken = Refresh(session, generation),
            ExpiresIn = (int)lifetime.TotalSeconds,
            SessionId = session.Id,
        };
    }

    public string Refresh(UserSession session, long generation) =>
        RefreshToken.Derive(serverKeys.Get(ServerKeys.RefreshTokens), session.Seed, session.TenantId, session.Id, generation).Reveal();

    private void NoteStarted(Transaction tx, LockedUser user, UserSession session, string method, Actor actor)
    {
        user.Publish(
            tx,
            new SessionStartedV1
            {
                UserId = user.Row.Id,
                SessionId = session.Id,
                Method = method,
                EndsAt = session.EndsAt,
            }
        );
        var record = AuditRecord.Of(actor, "session.started") with
        {
            Actor = user.Row.Id,
            ActorKind = "person",
            Subject = user.Row.Id,
            Session = session.Id,
        };
        tx.Record(session.ClientId is null ? record : record.WithFact("clientId", session.ClientId));
        tx.AfterCommit(() => metrics.SessionStarted(method));
    }
}
