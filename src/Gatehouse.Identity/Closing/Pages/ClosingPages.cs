using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Closing;

/// <summary>Data and privacy: closing the account, and opening it again.</summary>
internal static class ClosingPages
{
    public const string Path = LocalPath.Account + "/privacy";
    public const string ClosePath = Path + "/close";

    private const string ClosedSignedOut = "/signed-out";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, ShowAsync).RequireSignIn();
        pages
            .MapGet(ClosePath, (ClosingOptions options, HttpContext http) => ShowClose(http, options, error: null))
            .RequireSignIn()
            .RequireFresh();
        pages.MapPost(ClosePath, CloseAsync).RequireSignIn().FormOf(ClosePath).RequireFresh();
        pages.MapGet(LocalPath.Closed, ShowClosedAsync).RequireSignIn().AllowWhenClosed().AllowBeforeEnrollment();
        pages.MapPost(LocalPath.Closed, ReopenAsync).RequireSignIn().AllowWhenClosed().AllowBeforeEnrollment().FormOf(LocalPath.Closed);
    }

    private static async Task<IResult> ShowAsync(Database database, IEnumerable<KeptData> kept, ClosingOptions options, HttpContext http)
    {
        var (tenant, user) = (http.Actor().Tenant.Id, http.Actor().RequiredUser.Id);
        return http.Page<PrivacyPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(PrivacyPage.GraceDays)] = options.GraceDays,
                [nameof(PrivacyPage.Kept)] = kept,
                [nameof(PrivacyPage.Terms)] = await database.QueryAsync(
                    db => AcceptedTerms.ListAsync(db, tenant, user),
                    http.RequestAborted
                ),
            }
        );
    }

    private static async Task<IResult> CloseAsync(CloseAccount.Handler close, ClosingOptions options, HttpContext http)
    {
        var outcome = await close.HandleAsync(http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return ShowClose(http, options, error);
        http.SignOut();
        return http.SeeOther(ClosedSignedOut);
    }

    private static RazorComponentResult ShowClose(HttpContext http, ClosingOptions options, Error? error) =>
        http.Page<ClosePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ClosePage.Days)] = options.GraceDays,
                [nameof(ClosePage.Error)] = error,
            },
            error
        );

    private static async Task<IResult> ShowClosedAsync(Database database, HttpContext http)
    {
        var (tenant, id) = (http.Actor().Tenant.Id, http.Actor().RequiredUser.Id);
        var user = await database.QueryAsync(db => StoredUser.FindAsync(db, tenant, id), http.RequestAborted);
        return user?.EraseAt is { } eraseAt
            ? http.Page<ClosedPage>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(ClosedPage.EraseAt)] = eraseAt })
            : http.SeeOther(LocalPath.Account);
    }

    private static async Task<IResult> ReopenAsync(ReopenAccount.Handler reopen, HttpContext http)
    {
        var outcome = await reopen.HandleAsync(http.Actor(), http.RequestAborted);
        // Opened already, by a second click or in another window: that is what was wanted.
        if (outcome.Error is { } error && error.Code != ClosingErrors.NotClosed.Code)
            return error.ToProblem();
        // The browser's token still says that the account is closed; the next one does not.
        http.ForgetAccessToken();
        return http.SeeOther(LocalPath.Account);
    }
}
