using System.ComponentModel;
using Gatehouse.Audit.Data;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary>
/// Lists what happened to the caller's account, newest first: the records of the audit whose subject is the actor, without the routine
/// exchange of tokens, which every device does every few minutes.
/// <para>Does not reveal anything of others: not even who acted, where that was somebody else.</para>
/// </summary>
internal static class ListActivity
{
    public sealed record Item
    {
        public required Guid Id { get; init; }

        [Description("Stable name of the action for programs, such as session.started.")]
        public required string Action { get; init; }

        [Description("Description of the action for users, in the language of Accept-Language.")]
        public required string Text { get; init; }

        [Description("done or refused.")]
        public required string Result { get; init; }

        [Description("The error code of a rejected action, or the reason for the action.")]
        public string? Reason { get; init; }

        public required DateTimeOffset At { get; init; }

        [Description("The network it came from, IPv4 to /24 and IPv6 to /48.")]
        public string? Network { get; init; }

        [Description("Program and system, such as Firefox on Linux.")]
        public string? Device { get; init; }

        [Description("The session in which it happened.")]
        public Guid? SessionId { get; init; }

        [Description("Whether that is the session of the request.")]
        public required bool Current { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/me/activity",
                async (
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    Handler handler,
                    HttpContext http
                ) => (await handler.HandleAsync(limit, after, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(ListActivity))
            .WithSummary("List account activity")
            .WithDescription("The audit records of the signed-in user, newest first. Token refreshes are omitted.")
            .Produces<Page<Item>>()
            .RequireSignIn()
            .LimitBy(RateLimitPolicy.Other);

    internal sealed class Handler(Database database, RecordViews views)
    {
        public async Task<Outcome<Page<Item>>> HandleAsync(string? limit, string? after, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            if (PageQuery.Parse(limit, after, errors) is not { } page)
                return RequestErrors.InvalidWith(errors);

            var person = actor.RequiredUser;
            var rows = await database.QueryAsync(
                db =>
                    db.ListAsync<Row>(
                        """
                        select id, action, result, reason, recorded_at, network, device, session
                          from audit.records
                         where tenant_id = @tenant and subject = @person and action <> 'session.refreshed' and id < @Cursor
                         order by id desc
                         limit @Rows
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            person = person.Id,
                            page.Cursor,
                            page.Rows,
                        }
                    ),
                cancellationToken
            );
            return page.Of(
                rows,
                row => row.Id,
                row => new Item
                {
                    Id = row.Id,
                    Action = row.Action,
                    Text = views.Text(row.Action, actor.Language),
                    Result = row.Result,
                    Reason = row.Reason,
                    At = row.RecordedAt,
                    Network = row.Network,
                    Device = row.Device,
                    SessionId = row.Session,
                    Current = row.Session == person.SessionId,
                }
            );
        }
    }

    private sealed class Row
    {
        public Guid Id { get; init; }

        public string Action { get; init; } = "";

        public string Result { get; init; } = "";

        public string? Reason { get; init; }

        public DateTimeOffset RecordedAt { get; init; }

        public string? Network { get; init; }

        public string? Device { get; init; }

        public Guid? Session { get; init; }
    }
}
