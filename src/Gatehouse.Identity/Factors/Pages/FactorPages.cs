using Gatehouse.Core.Results;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Factors;

/// <summary>The user's own second factors: what there is, adding and removing, recovery codes.</summary>
internal static class FactorPages
{
    public const string Path = LocalPath.SecondFactor;
    public const string TotpPath = Path + "/totp";
    public const string ConfirmTotpPath = TotpPath + "/confirm";
    public const string RemoveTotpPath = TotpPath + "/remove";
    public const string CodesPath = Path + "/recovery-codes";

    private static readonly string[] Done =
    [
        "totp-added",
        "totp-removed",
        .. SentCodeFactor.Names.SelectMany(factor => new[] { $"{factor}-added", $"{factor}-removed" }),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, OpenAsync).RequireSignIn().AllowBeforeEnrollment();
        pages.MapPost(TotpPath, EnrollAsync).RequireSignIn().AllowBeforeEnrollment().FormOf(Path).RequireFresh();
        pages.MapGet(TotpPath, OpenTotpAsync).RequireSignIn().AllowBeforeEnrollment().RequireFresh();
        pages
            .MapPost(ConfirmTotpPath, ConfirmAsync)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .LimitBy(VerificationArea.VerifyLimit)
            .FormOf(TotpPath)
            .RequireFresh();
        pages.MapGet(RemoveTotpPath, (HttpContext http) => ShowRemove(http, error: null)).RequireSignIn().RequireFresh();
        pages.MapPost(RemoveTotpPath, RemoveAsync).RequireSignIn().FormOf(RemoveTotpPath).RequireFresh();
        pages.MapGet(CodesPath, ShowCodesAsync).RequireSignIn().AllowBeforeEnrollment();
        pages.MapPost(CodesPath, MakeCodesAsync).RequireSignIn().FormOf(CodesPath).RequireFresh();
    }

    private static Task<IResult> OpenAsync(string? done, ListFactors.Handler factors, HttpContext http) =>
        ShowAsync(factors, http, Done.Contains(done, StringComparer.Ordinal) ? done : null, error: null);

    internal static async Task<IResult> ShowAsync(ListFactors.Handler factors, HttpContext http, string? done, Error? error)
    {
        var listed = await factors.HandleAsync(http.Actor(), http.RequestAborted);
        return listed.ToResult(response =>
            http.Page<SecondFactorPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(SecondFactorPage.Factors)] = response,
                    [nameof(SecondFactorPage.Done)] = done,
                    [nameof(SecondFactorPage.Error)] = error,
                },
                error
            )
        );
    }

    private static async Task<IResult> EnrollAsync(EnrollTotp.Handler enroll, ListFactors.Handler factors, HttpContext http)
    {
        var outcome = await enroll.HandleAsync(http.Actor(), http.RequestAborted);
        return outcome.Error is { } error ? await ShowAsync(factors, http, done: null, error) : http.SeeOther(TotpPath);
    }

    private static Task<IResult> OpenTotpAsync(EnrollTotp.Handler enroll, HttpContext http) => ShowTotpAsync(enroll, http, error: null);

    private static async Task<IResult> ShowTotpAsync(EnrollTotp.Handler enroll, HttpContext http, Error? error)
    {
        return await enroll.FindAsync(http.Actor(), http.RequestAborted) is not { } shown
            ? http.SeeOther(Path)
            : http.Page<TotpPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(TotpPage.Secret)] = shown,
                    [nameof(TotpPage.Error)] = error,
                },
                error
            );
    }

    private static async Task<IResult> ConfirmAsync(ConfirmTotp.Handler confirm, EnrollTotp.Handler enroll, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var request = new ConfirmTotp.Request { Code = CodeInput.In(form["code"], TotpSecret.Digits) };
        var outcome = await confirm.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return await ShowTotpAsync(enroll, http, error.AtField("code", VerificationErrors.CodeWrong));
        if (outcome.Value.RecoveryCodes.Count == 0)
            return http.SeeOther(Path + "?done=totp-added");
        KeepCodes(http, outcome.Value.RecoveryCodes);
        return http.SeeOther(CodesPath);
    }

    private static async Task<IResult> RemoveAsync(RemoveTotp.Handler remove, HttpContext http)
    {
        var outcome = await remove.HandleAsync(http.Actor(), http.RequestAborted);
        // Gone already, by a second click or in another window: that is what was wanted.
        return outcome.Error is { } error && error.Code != FactorsErrors.NotFound.Code
            ? ShowRemove(http, error)
            : http.SeeOther(Path + "?done=totp-removed");
    }

    private static RazorComponentResult ShowRemove(HttpContext http, Error? error) =>
        http.Page<RemoveTotpPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(RemoveTotpPage.Error)] = error },
            error
        );

    private static async Task<IResult> ShowCodesAsync(ListFactors.Handler factors, HttpContext http)
    {
        var listed = await factors.HandleAsync(http.Actor(), http.RequestAborted);
        return listed.ToResult(response =>
            http.Page<RecoveryCodesPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(RecoveryCodesPage.Codes)] = ShownSecret.Take(http, http.Actor().RequiredUser.Id)?.Split(' ') ?? [],
                    [nameof(RecoveryCodesPage.Left)] = response.RecoveryCodesLeft,
                }
            )
        );
    }

    private static async Task<IResult> MakeCodesAsync(MakeRecoveryCodes.Handler make, ListFactors.Handler factors, HttpContext http)
    {
        var outcome = await make.HandleAsync(http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return await ShowAsync(factors, http, done: null, error);
        KeepCodes(http, outcome.Value.RecoveryCodes);
        return http.SeeOther(CodesPath);
    }

    /// <summary>Keeps new recovery codes for the page that shows them, once.</summary>
    public static void KeepCodes(HttpContext http, IReadOnlyList<string> codes) =>
        ShownSecret.Keep(http, http.Actor().RequiredUser.Id, string.Join(' ', codes));
}
