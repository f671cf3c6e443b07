using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Sessions;

/// <summary>Shows a user where they are signed in, the newest session first.</summary>
internal static class ListSessions
{
    public sealed record Item
    {
        public required Guid Id { get; init; }

        [Description("Whether this is the session of the request.")]
        public required bool Current { get; init; }

        [Description("Program and system, such as Firefox on Linux; empty if unknown.")]
        public required string Device { get; init; }

        [Description("The network it was last used from, IPv4 to /24 and IPv6 to /48.")]
        public required string Network { get; init; }

        [Description("How the user authenticated: password or registration.")]
        public required string Method { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        [Description("When its tokens were last refreshed.")]
        public required DateTimeOffset UsedAt { get; init; }

        [Description("When it expires if it is not used.")]
        public required DateTimeOffset EndsAt { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/sessions",
                async (
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    Handler handler,
                    HttpContext http
                ) => (await handler.HandleAsync(limit, after, http.Actor(), http.RequestAborted)).ToResult(page => TypedResults.Json(page))
            )
            .WithName(nameof(ListSessions))
            .WithSummary("List my sessions")
            .WithDescription("Newest first.")
            .Produces<Page<Item>>()
            .RequireSignIn();

    internal sealed class Handler(Database database, TimeProvider clock)
    {
        public async Task<Outcome<Page<Item>>> HandleAsync(string? limit, string? after, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            if (PageQuery.Parse(limit, after, errors) is not { } page)
                return RequestErrors.InvalidWith(errors);

            var person = actor.RequiredUser;
            var sessions = await database.QueryAsync(
                db =>
                    db.ListAsync<UserSession>(
                        $"""
                        select {UserSession.Columns} from identity.sessions
                         where tenant_id = @tenant and user_id = @user and ended_at is null and idle_ends_at > @now and ends_at > @now
                           and id < @After
                         order by id desc
                         limit @Rows
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            user = person.Id,
                            now = clock.GetUtcNow(),
                            page.After,
                            page.Rows,
                        }
                    ),
                cancellationToken
            );
            return page.Of(
                sessions,
                s => s.Id,
                s => new Item
                {
                    Id = s.Id,
                    Current = s.Id == person.SessionId,
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
}
