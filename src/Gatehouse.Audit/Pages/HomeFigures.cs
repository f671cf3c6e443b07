using Gatehouse.Contracts.Activity;
using Gatehouse.Core.Actors;
using Gatehouse.Web.Admin;

namespace Gatehouse.Audit;

/// <summary>How much happened in the last hour, day and month, on the first page of the console.</summary>
internal sealed class HomeFigures(IActivityFigures figures, TimeProvider clock) : IConsolePart
{
    private static readonly TimeSpan[] Spans = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(30)];

    public string Of => ConsoleHome.Path;

    public int Order => 10;

    public async Task<ConsoleFragment?> ShowAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.RequiredAccess.Allows(AuditArea.ReadAudit.Name))
            return null;
        var now = clock.GetUtcNow();
        // The hour that runs counts as one of them.
        var end = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1);
        var columns = new List<FigureColumn>();
        foreach (var span in Spans)
        {
            var current = await figures.SumAsync(actor.Tenant.Id, end - span, end, cancellationToken);
            var before = await figures.SumAsync(actor.Tenant.Id, end - span - span, end - span, cancellationToken);
            columns.Add(
                new FigureColumn([.. ActivityFigure.All.Select(f => f.In(current))], [.. ActivityFigure.All.Select(f => f.In(before))])
            );
        }

        var hours = (await figures.ReadAsync(actor.Tenant.Id, end.AddDays(-1), end, cancellationToken)).ToLookup(c => c.Hour);
        return ConsoleFragment.Of<FiguresPart>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(FiguresPart.Columns)] = columns,
                [nameof(FiguresPart.Bars)] = Enumerable
                    .Range(0, 24)
                    .Select(hour => end.AddDays(-1).AddHours(hour))
                    .Select(hour => new ChartBar
                    {
                        Label = $"{hour.UtcDateTime:HH}:00 UTC",
                        Value = ActivityFigure.SignIns.In(hours[hour]),
                        Bad = ActivityFigure.FailedSignIns.In(hours[hour]) + ActivityFigure.Throttled.In(hours[hour]),
                    })
                    .ToList(),
            }
        );
    }
}

/// <summary>A stretch of time: what happened in it and in the one before, in the order of <see cref="ActivityFigure.All"/>.</summary>
public sealed record FigureColumn(IReadOnlyList<long> Now, IReadOnlyList<long> Before);
