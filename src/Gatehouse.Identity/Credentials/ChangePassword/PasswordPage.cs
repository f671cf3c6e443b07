using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Credentials;

/// <summary>The page where the own password is changed, or the first one chosen.</summary>
internal static class PasswordPage
{
    public const string Path = AccountPages.PasswordPath;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Path,
                (string? done, GetMe.Handler me, HttpContext http) => ShowAsync(me, http, done is AccountState.Session ? done : null, null)
            )
            .RequireSignIn();
        pages.MapPost(Path, SubmitAsync).RequireSignIn().LimitBy(CredentialsArea.ChangeLimit).FormOf(Path).Once();
    }

    private static async Task<IResult> SubmitAsync(ChangePassword.Handler handler, GetMe.Handler me, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var request = new ChangePassword.Request
        {
            CurrentPassword = form["currentPassword"].ToString(),
            NewPassword = form["newPassword"].ToString(),
        };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return await ShowAsync(me, http, done: null, error);
        http.RememberDevice(outcome.Value);
        return http.SeeOther($"{AccountPages.SecurityPath}?done={AccountState.Password}");
    }

    private static async Task<IResult> ShowAsync(GetMe.Handler me, HttpContext http, string? done, Error? error)
    {
        var user = await me.HandleAsync(http.Actor(), http.RequestAborted);
        return user.Error is { } failure
            ? AccountPages.Failed(failure, http)
            : http.Page<PasswordForm>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(PasswordForm.User)] = user.Value,
                    [nameof(PasswordForm.Done)] = done,
                    [nameof(PasswordForm.Error)] = error,
                },
                error
            );
    }
}
