using System.Text.RegularExpressions;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Admin;

/// <summary>The event log in the console: what was published when, and who got it. What events say is not shown.</summary>
internal static partial class EventPages
{
    public const string Path = ConsoleHome.Path + "/events";

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.events",
        Group = ConsoleGroup.System,
        Permission = SystemPermissions.Read,
        InWholeTenant = true,
        Order = 7,
    };

    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet(Path, ShowAsync).RequirePermission(SystemPermissions.Read);

    private static async Task<IResult> ShowAsync(EventList log, HttpContext http)
    {
        var (type, user) = (http.Request.Query["type"].ToString().Trim(), http.Request.Query["user"].ToString().Trim());
        var errors = new ValidationErrors();
        var page = PageQuery.Parse(PageInput.Of(http), errors) ?? PageQuery.Parse(PageInput.First, new ValidationErrors())!;
        var filter = new ListedEventFilter
        {
            Type = TypeName.IsMatch(type) ? type : null,
            Key = Guid.TryParse(user, out var id) ? id : null,
        };
        var (events, stoppedAt) = await log.ListAsync(filter, page.Cursor, page.IsBack, page.Rows, http.RequestAborted);
        return http.Page<EventsPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(EventsPage.Events)] = page.Of(events, e => e.Id, e => e, stoppedAt),
                [nameof(EventsPage.IsStopped)] = stoppedAt is not null && events.Count <= page.Limit,
                // What cannot be read narrows nothing, and the page says so.
                [nameof(EventsPage.IsBad)] =
                    errors.Any || (type.Length > 0 && filter.Type is null) || (user.Length > 0 && filter.Key is null),
            }
        );
    }

    [GeneratedRegex(@"^[a-z0-9.-]{1,100}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypeName { get; }
}
