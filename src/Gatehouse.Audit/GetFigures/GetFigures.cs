using System.ComponentModel;
using Gatehouse.Audit.Data;
using Gatehouse.Contracts.Activity;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary>Says how often things happened in the actor's tenant, hour by hour, from figures that are kept and not counted anew.</summary>
internal static class GetFigures
{
    private const int MaxDays = 31;

    public sealed record Response
    {
        [Description("The beginning of the first hour, UTC.")]
        public required DateTimeOffset From { get; init; }

        [Description("The end of the last hour, UTC. The current hour is counted so far.")]
        public required DateTimeOffset To { get; init; }

        [Description("The whole range.")]
        public required Watched Totals { get; init; }

        [Description("Every hour of the range, those without activity too.")]
        public required IReadOnlyList<Hour> Hours { get; init; }

        [Description("Everything that happened in the range, by action and result.")]
        public required IReadOnlyList<Sum> Actions { get; init; }
    }

    public record Watched
    {
        [Description("Users who registered.")]
        public required long Registrations { get; init; }

        [Description("Sessions that began, after registration too.")]
        public required long SignIns { get; init; }

        public required long FailedSignIns { get; init; }

        [Description("Sign-ins rejected after too many failures.")]
        public required long Throttled { get; init; }

        [Description("Mails that the mail server or service accepted.")]
        public required long MailsSent { get; init; }

        [Description("Mails that were not sent, or bounced later.")]
        public required long MailsFailed { get; init; }

        internal static Watched Of(IReadOnlyList<ActivitySum> sums) =>
            new()
            {
                Registrations = ActivityFigure.Registrations.In(sums),
                SignIns = ActivityFigure.SignIns.In(sums),
                FailedSignIns = ActivityFigure.FailedSignIns.In(sums),
                Throttled = ActivityFigure.Throttled.In(sums),
                MailsSent = ActivityFigure.MailsSent.In(sums),
                MailsFailed = ActivityFigure.MailsFailed.In(sums),
            };
    }

    public sealed record Hour : Watched
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        internal Hour(DateTimeOffset start, Watched counts)
            : base(counts) => Start = start;

        [Description("The beginning of the hour, UTC.")]
        public required DateTimeOffset Start { get; init; }
    }

    public sealed record Sum
    {
        [Description("Stable name of the action for programs, such as role.assigned.")]
        public required string Action { get; init; }

        [Description("Description of the action for users, in the language of Accept-Language.")]
        public required string Text { get; init; }

        [Description("done or refused.")]
        public required string Result { get; init; }

        public required long Count { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/audit/figures",
                async (
                    [Description("Beginning (RFC 3339), rounded down to the hour; default: 24 hours before the end.")] string? from,
                    [Description("End (RFC 3339), rounded up to the hour; default: now. At most 31 days after the beginning.")] string? to,
                    Handler handler,
                    HttpContext http
                ) => (await handler.HandleAsync(from, to, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(GetFigures))
            .WithSummary("Get activity figures")
            .WithDescription("How often things happened in the tenant, hour by hour. Figures are kept for 400 days.")
            .Produces<Response>()
            .ProducesProblems(403)
            .RequirePermission(AuditArea.ReadAudit);

    internal sealed class Handler(IActivityFigures figures, RecordViews views, TimeProvider clock)
    {
        public async Task<Outcome<Response>> HandleAsync(string? from, string? to, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            var start = TimeInput.Read(from, "from", errors);
            var end = ActivityCounts.EndOf(TimeInput.Read(to, "to", errors) ?? clock.GetUtcNow());
            start = ActivityCounts.HourOf(start ?? end.AddDays(-1));
            if (start >= end)
                errors.Add("to", AuditErrors.RangeInvalid);
            if (end - start > TimeSpan.FromDays(MaxDays))
                errors.Add("to", AuditErrors.RangeTooLong, TextInput.Limits(("max", MaxDays)));
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);

            var counts = (await figures.ReadAsync(actor.Tenant.Id, start.Value, end, cancellationToken)).ToLookup(c => c.Hour);
            List<ActivitySum> sums =
            [
                .. counts
                    .SelectMany(hour => hour)
                    .GroupBy(c => (c.Action, c.Result))
                    .Select(g => new ActivitySum
                    {
                        Action = g.Key.Action,
                        Result = g.Key.Result,
                        Count = g.Sum(c => c.Count),
                    })
                    .OrderBy(s => s.Action, StringComparer.Ordinal)
                    .ThenBy(s => s.Result, StringComparer.Ordinal),
            ];
            return new Response
            {
                From = start.Value,
                To = end,
                Totals = Watched.Of(sums),
                Hours =
                [
                    .. Enumerable
                        .Range(0, (int)(end - start.Value).TotalHours)
                        .Select(n => start.Value.AddHours(n))
                        .Select(hour => new Hour(hour, Watched.Of([.. counts[hour]]))),
                ],
                Actions =
                [
                    .. sums.Select(s => new Sum
                    {
                        Action = s.Action,
                        Text = views.Text(s.Action, actor.Language),
                        Result = s.Result,
                        Count = s.Count,
                    }),
                ],
            };
        }
    }
}
