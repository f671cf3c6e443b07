using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Tokens;

namespace Gatehouse.Identity.Sessions;

/// <summary>
/// Moves sessions on to their next generation, several at once in one statement, each with its record for the audit. It does nothing to a
/// session that somebody else is changing: whoever that concerns reads again, in a transaction of its own.
/// </summary>
internal sealed class SessionRotation
{
    private readonly BatchedStatements<(Guid Tenant, Guid Id), UserSession> sessions;
    private readonly BatchedStatements<Step, Step> steps;
    private readonly Database database;
    private readonly IAuditStatement audit;
    private readonly TokenOptions options;
    private readonly TimeProvider clock;
    private readonly string moveOn;

    public SessionRotation(Database database, IAuditStatement audit, TokenOptions options, TimeProvider clock)
    {
        (this.database, this.audit, this.options, this.clock) = (database, audit, options, clock);
        sessions = new(
            async (ids, cancellationToken) =>
                (await database.QueryAsync(db => UserSession.ListAsync(db, ids), cancellationToken)).ToDictionary(s => (s.TenantId, s.Id))
        );
        steps = new((taken, _) => MoveOnAsync(taken));
        moveOn = $"""
            with presented as (
                select s.tenant_id, s.id, p.number, p.idle_ends_at, p.network, p.device
                  from unnest(@tenants, @ids, @generations, @idleEnds, @networks, @devices)
                       with ordinality as p (tenant_id, id, generation, idle_ends_at, network, device, number)
                  join identity.sessions s
                    on s.tenant_id = p.tenant_id and s.id = p.id and s.generation = p.generation and s.ended_at is null
                   for update of s skip locked),
            changed as (
                update identity.sessions s
                   set generation = s.generation + 1, rotated_at = clock_timestamp(), used_at = @now, idle_ends_at = p.idle_ends_at,
                       network = p.network, device = case when p.device = '' then s.device else p.device end
                  from presented p
                 where s.tenant_id = p.tenant_id and s.id = p.id
                returning p.number),
            recorded as ({audit.InsertForChanged})
            select number from changed
            """;
    }

    public Task<UserSession?> FindAsync(Guid tenantId, Guid id, CancellationToken cancellationToken) =>
        sessions.FindAsync((tenantId, id), cancellationToken);

    /// <summary>Whether the session went on from the generation that was read; false when anything came between.</summary>
    public async Task<bool> MoveOnAsync(UserSession session, Actor actor, CancellationToken cancellationToken) =>
        await steps.FindAsync(new Step(session, actor), cancellationToken) is not null;

    private async Task<IReadOnlyDictionary<Step, Step>> MoveOnAsync(IReadOnlyList<Step> taken)
    {
        var now = clock.GetUtcNow();
        var parameters = DbSession.Parameters(
            new
            {
                now,
                tenants = taken.Select(s => s.Session.TenantId).ToArray(),
                ids = taken.Select(s => s.Session.Id).ToArray(),
                generations = taken.Select(s => s.Session.Generation).ToArray(),
                idleEnds = taken.Select(s => RefreshRules.IdleEnd(options, s.Session.EndsAt, now).UtcDateTime).ToArray(),
                networks = taken.Select(s => s.Actor.Network).ToArray(),
                devices = taken.Select(s => s.Actor.Device).ToArray(),
            },
            audit.Parameters([.. taken.Select(s => s.Record)], now)
        );
        var moved = await database.InStatementAsync("session.refresh", db => db.ListAsync<long>(moveOn, parameters));
        return moved.Select(number => taken[(int)number - 1]).ToDictionary(step => step);
    }

    private sealed class Step(UserSession session, Actor actor)
    {
        public UserSession Session => session;

        public Actor Actor => actor;

        public AuditRecord Record =>
            AuditRecord.Of(actor, "session.refreshed") with
            {
                Actor = session.UserId,
                ActorKind = "person",
                Subject = session.UserId,
                Session = session.Id,
            };
    }
}
