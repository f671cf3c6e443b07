using Gatehouse.Audit.Data;
using Gatehouse.Contracts.Activity;
using Gatehouse.Core.Actors;
using Gatehouse.Web.Admin;

namespace Gatehouse.Audit;

/// <summary>What was done last night beyond the everyday, on the first page of the console.</summary>
internal sealed class LastNight(IActivityFigures figures, RecordViews views, TimeProvider clock) : IConsolePart
{
    private const int MaxLines = 12;

    // What users do all day: the figures count it.
    private static readonly HashSet<string> Everyday = new(StringComparer.Ordinal)
    {
        "notification.delivered",
        "password.reset-requested",
        "password.reset-sent",
        "registration.code-resent",
        "registration.refused",
        "registration.started",
        "session.ended",
        "session.organization-switched",
        "session.reauthenticated",
        "session.refresh-refused",
        "session.refreshed",
        "session.started",
        "sign-in.failed",
        "user.registered",
        "user.updated",
        "user.verified",
    };

    public string Of => ConsoleHome.Path;

    public int Order => 5;

    public async Task<ConsoleFragment?> ShowAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.RequiredAccess.Allows(AuditArea.ReadAudit.Name))
            return null;
        var (from, to) = Period.LastNight(clock.GetUtcNow());
        var sums = await figures.SumAsync(actor.Tenant.Id, from, to, cancellationToken);
        var lines = sums.Where(sum => !Everyday.Contains(sum.Action))
            .OrderByDescending(sum => sum.Count)
            .ThenBy(sum => sum.Action, StringComparer.Ordinal)
            .Select(sum => new NightLine(sum, views.Text(sum.Action, actor.Language)))
            .ToList();
        return ConsoleFragment.Of<LastNightPart>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(LastNightPart.From)] = from,
                [nameof(LastNightPart.To)] = to,
                [nameof(LastNightPart.Lines)] = lines.Take(MaxLines).ToList(),
                [nameof(LastNightPart.IsMore)] = lines.Count > MaxLines,
            }
        );
    }
}

/// <summary>How often something happened, and what it is called.</summary>
public sealed record NightLine(ActivitySum Sum, string Text);
