using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Telemetry;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Tokens;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Sessions;

/// <summary>
/// Exchanges a refresh token for the next pair of tokens.
/// <para>Flow: read the session → is the token genuine → evaluate its generation (RefreshRules) → one conditional update moves the session
/// on, with its record for the audit: in the usual case many sessions in one statement (SessionRotation), else in a transaction. Whoever
/// loses the race reads again and, in time, gets the successor that the winner got: it is derived, not stored. An old token ends the
/// session, and its owner is told.</para>
/// <para>Publishes, for an old token, <c>session.revoked.v1</c> and <c>notification.requested.v1</c>.</para>
/// <para>Does not reveal why a token is rejected.</para>
/// </summary>
internal static partial class RefreshSession
{
    public sealed record Request : ITokenRequest
    {
        [Description("The newest refresh token of the session. Optional with the transport cookie: the cookie contains it.")]
        [MaxLength(256)]
        public string? RefreshToken { get; init; }

        [Description(ITokenRequest.TransportDescription)]
        [MaxLength(16)]
        public string? Transport { get; init; }

        [Description(ITokenRequest.RememberDescription)]
        public bool? Remember { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/tokens/refresh",
                async (JsonBody<Request> body, Handler handler, TokenTransport transport, HttpContext http) =>
                {
                    if (TokenTransport.Validate(body.Input, http) is { } rejection)
                        return rejection.ToProblem();
                    var (request, errors) = body.Input;
                    var byCookie = TokenTransport.ByCookie(request);
                    var cookie = byCookie ? http.RefreshCookie() : null;
                    var token = request.RefreshToken ?? cookie?.Token;
                    if (token is null && byCookie && !errors.Any)
                    {
                        http.SignOut();
                        return SessionsErrors.InvalidRefreshToken.ToProblem();
                    }

                    var outcome = await handler.HandleAsync(body.Input.With(token), http.Actor(), http.RequestAborted);
                    // What the browser holds is good for nothing any more.
                    if (byCookie && outcome.Error == SessionsErrors.InvalidRefreshToken)
                        http.SignOut();
                    return outcome.ToResult(signedIn =>
                        transport.Answer(http, signedIn, request, StatusCodes.Status200OK, request.Remember ?? cookie?.IsRemembered)
                    );
                }
            )
            .WithName(nameof(RefreshSession))
            .WithSummary("Refresh the tokens")
            .WithDescription(
                "Each refresh token can be used once. For ten seconds the token just used returns the same pair again, "
                    + "in case the first response was lost. "
                    + "Reuse of an older token ends the session."
            )
            .Produces<SignInResponse>()
            .ProducesProblems(401, 403)
            .AllowAnonymous()
            .LimitBy(SessionsArea.RefreshLimit);

    internal sealed partial class Handler(
        Database database,
        SessionRotation rotation,
        ServerKeys serverKeys,
        UserSessions sessions,
        UserViews users,
        RevokedNotice notice,
        TokenOptions options,
        SessionMetrics metrics,
        DatabaseOutage outage,
        TimeProvider clock,
        ILogger<Handler> logger
    ) : ISessionRenewal
    {
        public async Task<Outcome<SignedIn>> HandleAsync(Input<string?> input, Actor actor, CancellationToken cancellationToken)
        {
            var (refreshToken, errors) = input;
            if (string.IsNullOrEmpty(refreshToken))
                errors.Add("refreshToken", ValidationCodes.Required);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            var outcome = await ExchangeAsync(refreshToken!, client: null, actor, cancellationToken);
            if (outcome.Error is { } error)
                return error;
            var (session, generation) = outcome.Value;
            // Without a user the session outlived the account by a moment.
            return await users.FindAsync(session.TenantId, session.UserId, cancellationToken) is { } user
                ? new SignedIn(user, sessions.Tokens(session, generation), DeviceToken: null)
                : SessionsErrors.InvalidRefreshToken;
        }

        public async Task<RenewedSession?> RenewAsync(string refreshToken, Actor actor, CancellationToken cancellationToken)
        {
            var outcome = await ExchangeAsync(refreshToken, client: null, actor, cancellationToken);
            if (outcome.Error is not null)
                return null;
            var (session, generation) = outcome.Value;
            var tokens = sessions.Tokens(session, generation);
            return new RenewedSession
            {
                User = session.User,
                AccessToken = tokens.AccessToken!,
                RefreshToken = tokens.RefreshToken!,
                IdleFor = TimeSpan.FromDays(options.IdleDays),
            };
        }

        /// <param name="client">Whose token it must be, by its public name; null for our own pages and API.</param>
        public async Task<Outcome<Exchanged>> ExchangeAsync(
            string refreshToken,
            string? client,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            // The token names its tenant itself; one of another tenant than the request's is no token here.
            var token = RefreshToken.Parse(refreshToken);
            if (token is null || token.TenantId != actor.Tenant.Id)
                return Reject("unreadable");

            var stored = await rotation.FindAsync(token.TenantId, token.SessionId, cancellationToken);
            // Whoever else holds it learns nothing by it, and does it no harm.
            if (stored is not null && stored.ClientId != client)
                return Reject("unreadable");
            if (stored?.ParentId is { } parent && !await IsLiveAsync(stored.TenantId, parent, cancellationToken))
                return Reject("over");
            if (await TryRotateAsync(stored, token, actor, cancellationToken) is { } rotated)
            {
                metrics.SessionRefreshed("rotated");
                return rotated;
            }

            var (verdict, exchanged) = await database.InTransactionAsync(
                "session.refresh",
                tx => RefreshAsync(tx, token, actor),
                cancellationToken
            );
            // Who hangs up now must not keep the session alive.
            if (verdict == RefreshVerdict.Reused)
                await RevokeAsync(token, actor, CancellationToken.None);
            if (exchanged is null)
                return Reject(verdict is RefreshVerdict.Reused ? "reused" : "over");
            metrics.SessionRefreshed(verdict is RefreshVerdict.Repeat ? "repeated" : "rotated");
            return exchanged;
        }

        private async Task<bool> IsLiveAsync(Guid tenant, Guid session, CancellationToken cancellationToken) =>
            await rotation.FindAsync(tenant, session, cancellationToken) is { EndedAt: null } found
            && found.IdleEndsAt > clock.GetUtcNow()
            && found.EndsAt > clock.GetUtcNow();

        /// <summary>The usual case, the newest token of a live session. Null for all others, and when anybody else changes it.</summary>
        private async Task<Exchanged?> TryRotateAsync(
            UserSession? session,
            RefreshToken token,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            if (session is null || !token.IsGenuine(serverKeys.Get(ServerKeys.RefreshTokens), session.Seed))
                return null;
            var verdict = RefreshRules.Evaluate(session, token.Generation, clock.GetUtcNow(), down: TimeSpan.Zero);
            if (verdict != RefreshVerdict.Rotate)
                return null;
            return await rotation.MoveOnAsync(session, actor, cancellationToken) ? new Exchanged(session, session.Generation + 1) : null;
        }

        private async Task<(RefreshVerdict Verdict, Exchanged? Exchanged)> RefreshAsync(Transaction tx, RefreshToken token, Actor actor)
        {
            while (true)
            {
                var session = await UserSession.FindAsync(tx, token.TenantId, token.SessionId);
                if (session is null || !token.IsGenuine(serverKeys.Get(ServerKeys.RefreshTokens), session.Seed))
                {
                    tx.Record(Refused(actor));
                    return (RefreshVerdict.Over, null);
                }

                var verdict = RefreshRules.Evaluate(
                    session,
                    token.Generation,
                    tx.Now,
                    await DownSinceRotationAsync(tx, session, token.Generation)
                );
                var generation = verdict == RefreshVerdict.Rotate ? session.Generation + 1 : session.Generation;
                // Another use of the same token, or a sign-out, came first: what the row says now decides.
                if (verdict == RefreshVerdict.Rotate && !await RotateAsync(tx, session, actor))
                    continue;

                Record(tx, session, verdict, actor);
                return (verdict, verdict is RefreshVerdict.Rotate or RefreshVerdict.Repeat ? new Exchanged(session, generation) : null);
            }
        }

        // By the database's own record; by what this node saw where only this node was cut off from it.
        private async Task<TimeSpan> DownSinceRotationAsync(Transaction tx, UserSession session, long generation)
        {
            if (!RefreshRules.MayBeLateByOutage(session, generation))
                return TimeSpan.Zero;
            var recorded = await Outages.WithinAsync(tx, session.SinceRotation);
            var seen = outage.DownWithin(session.SinceRotation);
            return recorded > seen ? recorded : seen;
        }

        private async Task<bool> RotateAsync(Transaction tx, UserSession session, Actor actor)
        {
            using var span = Spans.Start("session.rotate");
            return await tx.ExecuteAsync(
                    """
                    update identity.sessions
                       set generation = generation + 1, rotated_at = clock_timestamp(), used_at = @now, idle_ends_at = @idleEnds,
                           network = @Network, device = case when @Device = '' then device else @Device end
                     where tenant_id = @TenantId and id = @Id and generation = @Generation and ended_at is null
                    """,
                    new
                    {
                        session.TenantId,
                        session.Id,
                        session.Generation,
                        now = tx.Now,
                        idleEnds = RefreshRules.IdleEnd(options, session.EndsAt, tx.Now),
                        actor.Network,
                        actor.Device,
                    }
                ) == 1;
        }

        private static void Record(Transaction tx, UserSession session, RefreshVerdict verdict, Actor actor)
        {
            // The end of the session, with its reason, is the record of a token used again.
            if (verdict == RefreshVerdict.Reused)
                return;
            var record = verdict == RefreshVerdict.Over ? Refused(actor) : AuditRecord.Of(actor, "session.refreshed");
            if (verdict == RefreshVerdict.Repeat)
                record = record.WithFact("repeated", "true");
            tx.Record(record with { Actor = session.UserId, ActorKind = "person", Subject = session.UserId, Session = session.Id });
        }

        private static AuditRecord Refused(Actor actor) =>
            AuditRecord.Of(actor, "session.refresh-refused").RefusedWith(SessionsErrors.InvalidRefreshToken.Code);

        private async Task RevokeAsync(RefreshToken token, Actor actor, CancellationToken cancellationToken)
        {
            var ended = await database.InTransactionAsync(
                "session.revoke",
                async tx =>
                {
                    var session = await UserSession.FindAsync(tx, token.TenantId, token.SessionId);
                    var user = session is null ? null : await LockedUser.LockAsync(tx, session.TenantId, session.UserId);
                    if (user is null || !await sessions.EndOneAsync(tx, user, actor, token.SessionId, SessionEnd.TokenReused))
                        return false;
                    await notice.RequestAsync(tx, user, session!, cancellationToken);
                    await user.SaveAsync(tx);
                    return true;
                },
                cancellationToken
            );
            if (ended)
                Log.Reused(logger, token.SessionId);
        }

        private Error Reject(string reason)
        {
            metrics.SessionRefreshed(reason);
            return SessionsErrors.InvalidRefreshToken;
        }

        /// <param name="Generation">Of the refresh token that is next.</param>
        internal sealed record Exchanged(UserSession Session, long Generation);

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Warning, "An old refresh token of session {SessionId} was used; the session was ended")]
            public static partial void Reused(ILogger logger, Guid sessionId);
        }
    }
}
