using System.ComponentModel;
using Gatehouse.Core.Actors;
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
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .AllowWhenClosed();

    internal sealed class Handler(LiveSessions sessions)
    {
        public async Task<Outcome<Page<Item>>> HandleAsync(string? limit, string? after, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            if (PageQuery.Parse(limit, after, errors) is not { } page)
                return RequestErrors.InvalidWith(errors);
            var (user, session) = (actor.RequiredUser.Id, actor.RequiredUser.SessionId);
            return await sessions.PageAsync(actor.Tenant.Id, user, page, session, cancellationToken);
        }
    }
}
