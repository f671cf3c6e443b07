using Gatehouse.Core.Results;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Factors;

/// <summary>Adding and removing codes by text message and mail as second factor.</summary>
internal static class SentCodePages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        foreach (var factor in SentCodeFactor.Names)
            Map(pages, factor);
    }

    public static string PathOf(string factor) => $"{FactorPages.Path}/{factor}";

    public static string ConfirmPathOf(string factor) => PathOf(factor) + "/confirm";

    public static string RemovePathOf(string factor) => PathOf(factor) + "/remove";

    private static void Map(RouteGroupBuilder pages, string factor)
    {
        Delegate enroll = (EnrollSentCode.Handler handler, ListFactors.Handler factors, HttpContext http) =>
            EnrollAsync(factor, handler, factors, http);
        Delegate open = (EnrollSentCode.Handler handler, HttpContext http) => ShowAsync(factor, handler, http, error: null);
        Delegate confirm = (ConfirmSentCode.Handler handler, EnrollSentCode.Handler enrollment, HttpContext http) =>
            ConfirmAsync(factor, handler, enrollment, http);
        Delegate askRemove = (HttpContext http) => ShowRemove(factor, http, error: null);
        Delegate remove = (RemoveSentCode.Handler handler, HttpContext http) => RemoveAsync(factor, handler, http);
        pages
            .MapPost(PathOf(factor), enroll)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .LimitBy(VerificationArea.VerifyLimit)
            .FormOf(FactorPages.Path)
            .RequireFresh();
        pages.MapGet(PathOf(factor), open).RequireSignIn().AllowBeforeEnrollment().RequireFresh();
        pages
            .MapPost(ConfirmPathOf(factor), confirm)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .LimitBy(VerificationArea.VerifyLimit)
            .FormOf(PathOf(factor))
            .RequireFresh();
        pages.MapGet(RemovePathOf(factor), askRemove).RequireSignIn().RequireFresh();
        pages.MapPost(RemovePathOf(factor), remove).RequireSignIn().FormOf(RemovePathOf(factor)).RequireFresh();
    }

    private static async Task<IResult> EnrollAsync(
        string factor,
        EnrollSentCode.Handler enroll,
        ListFactors.Handler factors,
        HttpContext http
    )
    {
        var outcome = await enroll.HandleAsync(factor, http.Actor(), http.RequestAborted);
        if (outcome.Error is not { } error)
            return http.SeeOther(PathOf(factor));
        // A code that was sent before may be entered while another one has to wait.
        return error.Code == VerificationErrors.ResendTooSoon.Code || error.Code == VerificationErrors.ResendLimitReached.Code
            ? await ShowAsync(factor, enroll, http, error)
            : await FactorPages.ShowAsync(factors, http, done: null, error);
    }

    private static async Task<IResult> ShowAsync(string factor, EnrollSentCode.Handler enroll, HttpContext http, Error? error)
    {
        var pending = await enroll.FindAsync(factor, http.Actor(), http.RequestAborted);
        if (pending.Error is { } rejection)
            return rejection.ToProblem();
        return pending.Value is not { } sent
            ? http.SeeOther(FactorPages.Path)
            : http.Page<SentCodePage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(SentCodePage.Factor)] = factor,
                    [nameof(SentCodePage.Sent)] = sent,
                    [nameof(SentCodePage.Error)] = error,
                },
                error
            );
    }

    private static async Task<IResult> ConfirmAsync(
        string factor,
        ConfirmSentCode.Handler confirm,
        EnrollSentCode.Handler enroll,
        HttpContext http
    )
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var request = new ConfirmSentCode.Request { Code = CodeInput.In(form["code"], TotpSecret.Digits) };
        var outcome = await confirm.HandleAsync(factor, Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return await ShowAsync(factor, enroll, http, error.AtField("code", VerificationErrors.CodeWrong));
        if (outcome.Value.RecoveryCodes.Count == 0)
            return http.SeeOther($"{FactorPages.Path}?done={factor}-added");
        FactorPages.KeepCodes(http, outcome.Value.RecoveryCodes);
        return http.SeeOther(FactorPages.CodesPath);
    }

    private static async Task<IResult> RemoveAsync(string factor, RemoveSentCode.Handler remove, HttpContext http)
    {
        var outcome = await remove.HandleAsync(factor, http.Actor(), http.RequestAborted);
        // Gone already, by a second click or in another window: that is what was wanted.
        return outcome.Error is { } error && error.Code != FactorsErrors.NotFound.Code
            ? ShowRemove(factor, http, error)
            : http.SeeOther($"{FactorPages.Path}?done={factor}-removed");
    }

    private static RazorComponentResult ShowRemove(string factor, HttpContext http, Error? error) =>
        http.Page<RemoveSentCodePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(RemoveSentCodePage.Factor)] = factor,
                [nameof(RemoveSentCodePage.Error)] = error,
            },
            error
        );
}
