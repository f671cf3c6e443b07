using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.SignIn;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Exports;

/// <summary>The page on which users download what is held about them; <see cref="ExportSection"/> stands on other pages, too.</summary>
internal sealed class ExportPages(StartExport.Handler start, DownloadExport.Handler download, GetMe.Handler me, FreshAuthentication fresh)
{
    public const string PrivacyPath = AccountPages.Path + "/privacy";
    public const string Path = PrivacyPath + "/export";
    public const string DownloadPath = Path + "/download";

    private const string PasswordField = "password";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, (ExportPages page, HttpContext http) => page.ShowAsync(http, error: null)).RequireSignIn();
        pages
            .MapPost(Path, (ExportPages page, HttpContext http) => page.StartAsync(http))
            .RequireSignIn()
            .LimitBy(ExportsArea.ExportLimit)
            .FormOf(Path);
        pages
            .MapPost(DownloadPath, (ExportPages page, HttpContext http) => page.DownloadAsync(http))
            .RequireSignIn()
            .LimitBy(ExportsArea.ExportLimit)
            .FormOf(Path);
    }

    /// <summary>What the section shows.</summary>
    public async Task<Outcome<ExportState>> StateAsync(HttpContext http)
    {
        var (actor, cancellationToken) = (http.Actor(), http.RequestAborted);
        var user = await me.HandleAsync(actor, cancellationToken);
        if (user.Error is { } gone)
            return gone;
        var isFresh = await fresh.IsFreshAsync(actor, cancellationToken);
        var current = await start.FindAsync(actor, cancellationToken);
        return new ExportState
        {
            Id = current?.Export.Id,
            State = current?.Operation?.State,
            IsMaking = current is { IsReady: false, IsSpent: false },
            ReadyUntil = current is { IsReady: true } ? current.Export.ExpiresAt : null,
            Failure = current is { IsSpent: true } ? current.Operation?.ReadError() : null,
            Done = current?.Operation?.Done ?? 0,
            Total = current?.Operation?.Total,
            IsFresh = isFresh,
            AsksOther = !isFresh && await fresh.AsksOtherAsync(actor, cancellationToken),
            HasPassword = user.Value.HasPassword,
        };
    }

    private async Task<IResult> StartAsync(HttpContext http)
    {
        if (await fresh.LeadAwayAsync(http, Path) is { } away)
            return away;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var error =
            await fresh.AskAsync(http.Actor(), form, PasswordField, http.RequestAborted)
            ?? (await start.HandleAsync(http.Actor(), http.RequestAborted)).Error;
        return error is null ? http.SeeOther(Path) : await ShowAsync(http, error);
    }

    private async Task<IResult> DownloadAsync(HttpContext http)
    {
        if (await fresh.LeadAwayAsync(http, Path) is { } away)
            return away;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (await fresh.AskAsync(http.Actor(), form, PasswordField, http.RequestAborted) is { } rejected)
            return await ShowAsync(http, rejected);
        var id = Guid.TryParse(form["id"].ToString(), out var typed) ? typed : Guid.Empty;
        var content = await download.HandleAsync(id, http.Actor(), http.RequestAborted);
        return content.Error is { } error ? await ShowAsync(http, error) : DownloadExport.FileOf(content.Value);
    }

    private async Task<IResult> ShowAsync(HttpContext http, Error? error)
    {
        var state = await StateAsync(http);
        return state.Error is { } gone
            ? AccountPages.Failed(gone, http)
            : http.Page<ExportPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(ExportPage.State)] = state.Value,
                    [nameof(ExportPage.Error)] = error,
                },
                error
            );
    }
}

/// <summary>How the user's export stands, and what has to be proved for it.</summary>
public sealed record ExportState
{
    /// <summary>Of the export and of its operation; null while there is none.</summary>
    public required Guid? Id { get; init; }

    /// <summary>Of the operation; null while there is none.</summary>
    public required string? State { get; init; }

    public required bool IsMaking { get; init; }

    /// <summary>How long it can be downloaded; null while it cannot.</summary>
    public required DateTimeOffset? ReadyUntil { get; init; }

    /// <summary>Why it was not made; null where it was, or was canceled.</summary>
    public required Error? Failure { get; init; }

    /// <summary>Files that are done.</summary>
    public required long Done { get; init; }

    /// <summary>Null while nobody knows.</summary>
    public required long? Total { get; init; }

    /// <summary>Whether the user proved lately who they are.</summary>
    public required bool IsFresh { get; init; }

    /// <summary>Whether they prove it on another page.</summary>
    public required bool AsksOther { get; init; }

    public required bool HasPassword { get; init; }
}
