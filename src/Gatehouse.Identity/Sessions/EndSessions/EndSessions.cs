using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Sessions;

/// <summary>
/// Signs out: this session, another one of the same user, or all. Refresh and access tokens of an ended session are rejected from then on,
/// by this node at once and by the others within a second.
/// <para>Publishes <c>session.revoked.v1</c> for each.</para>
/// </summary>
internal static partial class EndSessions
{
    public const string Current = "current";

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapDelete(
                "/sessions/{id}",
                async ([Description("The id of the session, or current.")] string id, Handler handler, HttpContext http) =>
                    (await handler.EndOneAsync(id, http.Actor(), http.RequestAborted)).ToResult(session =>
                    {
                        if (session == http.Actor().RequiredUser.SessionId)
                            http.SignOut();
                        return TypedResults.NoContent();
                    })
            )
            .WithName("EndSession")
            .WithSummary("Sign out one session")
            .WithDescription("Sessions of other users and sessions that have ended are reported as not found.")
            .Produces(StatusCodes.Status204NoContent)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .AllowWhenClosed()
            .RenewSession();
        v1.MapDelete(
                "/sessions",
                async ([Description("current keeps the session of this request.")] string? keep, Handler handler, HttpContext http) =>
                    (await handler.EndAllAsync(keep, http.Actor(), http.RequestAborted)).ToResult(_ =>
                    {
                        if (keep is null)
                            http.SignOut();
                        return TypedResults.NoContent();
                    })
            )
            .WithName("EndAllSessions")
            .WithSummary("Sign out all sessions")
            .WithDescription("With keep=current, all sessions except the one of this request.")
            .Produces(StatusCodes.Status204NoContent)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .AllowWhenClosed()
            .RenewSession();
    }

    internal sealed partial class Handler(Database database, UserSessions sessions, ILogger<Handler> logger)
    {
        /// <returns>The session that ended.</returns>
        public async Task<Outcome<Guid>> EndOneAsync(string id, Actor actor, CancellationToken cancellationToken)
        {
            var person = actor.RequiredUser;
            var isCurrent = id == Current;
            if (!Guid.TryParse(id, out var session) && !isCurrent)
                return SessionsErrors.SessionNotFound;
            if (isCurrent)
                session = person.SessionId;

            var reason = session == person.SessionId ? SessionEnd.SignedOut : SessionEnd.EndedByOwner;
            var ended = await EndAsync(
                actor,
                async (tx, user) => await sessions.EndOneAsync(tx, user, actor, session, reason) ? 1 : 0,
                cancellationToken
            );
            return ended > 0 ? session : SessionsErrors.SessionNotFound;
        }

        public async Task<Outcome<int>> EndAllAsync(string? keep, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            if (keep is not (null or Current))
                errors.Add(
                    "keep",
                    ValidationCodes.UnknownValue,
                    new Dictionary<string, object>(StringComparer.Ordinal) { ["allowed"] = Current }
                );
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);

            var except = keep is null ? (Guid?)null : actor.RequiredUser.SessionId;
            return await EndAsync(
                actor,
                (tx, user) => sessions.EndAllAsync(tx, user, actor, except, SessionEnd.EndedByOwner),
                cancellationToken
            );
        }

        private async Task<int> EndAsync(Actor actor, Func<Transaction, LockedUser, Task<int>> end, CancellationToken cancellationToken)
        {
            var ended = await database.InTransactionAsync(
                "session.end",
                async tx =>
                {
                    var user = await LockedUser.LockAsync(tx, actor.Tenant.Id, actor.RequiredUser.Id);
                    if (user is null)
                        return 0;
                    var count = await end(tx, user);
                    await user.SaveAsync(tx);
                    return count;
                },
                cancellationToken
            );
            if (ended > 0)
                Log.Ended(logger, ended, actor.RequiredUser.Id);
            return ended;
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "{Count} sessions of user {UserId} were ended by their owner")]
            public static partial void Ended(ILogger logger, int count, Guid userId);
        }
    }
}
