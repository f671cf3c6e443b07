using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.SignIn;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Credentials;

/// <summary>The page that asks before the own phone number is removed.</summary>
internal static class RemovePhonePage
{
    public const string Path = AccountPages.RemovePhonePath;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(Path, (GetMe.Handler me, FreshAuthentication fresh, HttpContext http) => ShowAsync(me, fresh, http, error: null))
            .RequireSignIn();
        pages.MapPost(Path, SubmitAsync).RequireSignIn().LimitBy(CredentialsArea.ChangeLimit).FormOf(Path);
    }

    private static async Task<IResult> SubmitAsync(
        RemovePhone.Handler handler,
        GetMe.Handler me,
        FreshAuthentication fresh,
        HttpContext http
    )
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var error =
            await fresh.AskAsync(http.Actor(), form, "password", http.RequestAborted)
            ?? (await handler.HandleAsync(http.Actor(), http.RequestAborted)).Error;
        // One that is gone already, by a second click, is what was wanted.
        return error is null || error.Code == CredentialsErrors.NoPhoneNumber.Code
            ? http.SeeOther($"{AccountPages.SecurityPath}?done={AccountState.PhoneRemoved}")
            : await ShowAsync(me, fresh, http, error);
    }

    private static async Task<IResult> ShowAsync(GetMe.Handler me, FreshAuthentication fresh, HttpContext http, Error? error)
    {
        if (await fresh.LeadAwayAsync(http, Path) is { } away)
            return away;
        var user = await me.HandleAsync(http.Actor(), http.RequestAborted);
        return user.Error is { } failure
            ? AccountPages.Failed(failure, http)
            : http.Page<RemovePhoneForm>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(RemovePhoneForm.User)] = user.Value,
                    [nameof(RemovePhoneForm.IsFresh)] = await fresh.IsFreshAsync(http.Actor(), http.RequestAborted),
                    [nameof(RemovePhoneForm.Error)] = error,
                },
                error
            );
    }
}
