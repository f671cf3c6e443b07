using System.Globalization;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Recovery;

/// <summary>
/// Where the code of a reset is entered with the new password, and requested again. It looks the same whether or not there is an account: opening it reads
/// nothing.
/// </summary>
internal static class ResetByCodePage
{
    public const string Path = ForgotPage.Path + "/code";
    public const string ResendPath = Path + "/resend";
    public const string DonePath = ForgotPage.Path + "/done";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, (string? id, string? again, bool? sent, HttpContext http) => Show(http, new ResetCode(id, ResendTime.Read(again)) { Sent = sent is true }, error: null))
            .AllowAnonymous();
        pages.MapPost(Path, SubmitAsync).AllowAnonymous().LimitBy(VerificationArea.VerifyLimit);
        pages.MapPost(ResendPath, ResendAsync).AllowAnonymous().LimitBy(VerificationArea.VerifyLimit);
        pages.MapGet(DonePath, ResetPasswordPage.ShowDone).AllowAnonymous();
    }

    private static async Task<IResult> SubmitAsync(CompletePasswordReset.Handler handler, ResetOptions options, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = new ResetCode(form["id"], ResendTime.Read(form["again"])) { Code = form["code"] };
        if (!Guid.TryParse(typed.Id, out var id)) return Show(http, typed, RecoveryErrors.ResetNotFound);

        var request = new CompletePasswordReset.Request { Code = CodeInput.In(typed.Code, options.CodeDigits), Password = form["password"] };
        var outcome = await handler.HandleAsync(id, request, new ValidationErrors(), http.Actor(), http.RequestAborted);
        return outcome.Match(_ => http.SeeOther(DonePath), error => Show(http, typed, error));
    }

    private static async Task<IResult> ResendAsync(ResendPasswordReset.Handler handler, TimeProvider clock, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = new ResetCode(form["id"], ResendAt: null);
        if (!Guid.TryParse(typed.Id, out var id)) return Show(http, typed, RecoveryErrors.ResetNotFound);

        var outcome = await handler.HandleAsync(id, http.Actor(), http.RequestAborted);
        return outcome.Match(
            resent => http.SeeOther(string.Create(CultureInfo.InvariantCulture, $"{Path}?id={id}&again={ResendTime.After(resent.ResendAfter, clock)}&sent=true")),
            error => Show(http, typed with { ResendAt = error.RetryAfter is { } wait ? ResendTime.After(wait, clock) : null }, error));
    }

    private static RazorComponentResult Show(HttpContext http, ResetCode form, Error? error) => http.Page<ResetCodeForm>(
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ResetCodeForm.Form)] = form,
            [nameof(ResetCodeForm.Error)] = error.AtField("code", VerificationErrors.CodeWrong, VerificationErrors.CodeExpired, VerificationErrors.TooManyAttempts),
        },
        error);
}

/// <summary>What the page shows; the password is never shown again.</summary>
/// <param name="Id">The reset.</param>
/// <param name="ResendAt">When another code may be asked for (ResendTime); null when it is not known.</param>
public sealed record ResetCode(string? Id, long? ResendAt)
{
    public string? Code { get; init; }

    /// <summary>Whether another code has just been asked for.</summary>
    public bool Sent { get; init; }
}
