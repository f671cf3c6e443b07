using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary>What happened to the own account, page by page.</summary>
internal static class ActivityPages
{
    public const string Path = "/account/activity";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapGet(
                Path,
                async (string? after, ListActivity.Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(limit: null, after, http.Actor(), http.RequestAborted)).ToResult(page =>
                        http.Page<ActivityPage>(
                            new Dictionary<string, object?>(StringComparer.Ordinal)
                            {
                                [nameof(ActivityPage.Lines)] = page
                                    .Items.Select(item => new ActivityLine
                                    {
                                        Text = item.Text,
                                        At = item.At,
                                        Network = item.Network,
                                        Device = item.Device,
                                        Current = item.Current,
                                    })
                                    .ToList(),
                                [nameof(ActivityPage.Next)] = page.Next,
                                [nameof(ActivityPage.IsFirst)] = after is null,
                            }
                        )
                    )
            )
            .RequireSignIn();
}

/// <summary>One record in the list.</summary>
public sealed record ActivityLine
{
    public required string Text { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string? Network { get; init; }

    public required string? Device { get; init; }

    public required bool Current { get; init; }
}
