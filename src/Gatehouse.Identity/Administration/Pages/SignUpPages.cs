using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>A registration that waits for its verification, found by its address, and another message for it. No navigation leads
/// here.</summary>
internal sealed class SignUpPages(SignUps signUps, ResendCode.Handler resend, TimeProvider clock, MessageCatalog texts)
{
    public const string Path = ConsoleHome.Path + "/sign-ups";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        const string one = Path + "/{id:guid}";
        pages
            .MapGet(one, (Guid id, SignUpPages own, HttpContext http) => own.ShowAsync(id, http, error: null))
            .RequirePermission(AdministrationArea.ReadUsers);
        pages
            .MapPost(one, (Guid id, SignUpPages own, HttpContext http) => own.ResendAsync(id, http))
            .RequirePermission(AdministrationArea.WriteUsers)
            .LimitBy(VerificationArea.VerifyLimit)
            .FormOfItself();
    }

    public static string PathOf(Guid id) => $"{Path}/{id}";

    private async Task<IResult> ResendAsync(Guid id, HttpContext http)
    {
        var sent = await resend.HandleAsync(id, http.Actor(), http.RequestAborted);
        return sent.Error is { } error
            ? await ShowAsync(id, http, error)
            : http.Tell(texts.Text("page.console.sign-up.resent", http.Language()), PathOf(id));
    }

    private async Task<IResult> ShowAsync(Guid id, HttpContext http, Error? error)
    {
        var found = await signUps.GetAsync(id, clock.GetUtcNow(), http.Actor(), http.RequestAborted);
        return found.ToResult(signUp =>
            http.Page<SignUpPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(SignUpPage.SignUp)] = signUp,
                    [nameof(SignUpPage.Now)] = clock.GetUtcNow(),
                    [nameof(SignUpPage.Error)] = error,
                },
                error
            )
        );
    }
}
