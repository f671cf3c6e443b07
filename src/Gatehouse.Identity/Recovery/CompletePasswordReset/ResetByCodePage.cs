using System.Globalization;
using Gatehouse.Runtime.Http;
using Gatehouse.Runtime.Outcomes;
using Gatehouse.Runtime.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Recovery;

/// <summary>
/// Where the code of a reset is entered with the new password, and asked for anew. It looks the same whether or not there is an account: opening it reads
/// nothing.
/// </summary>
internal static class ResetByCodePage
{
    public const string Path = ForgotPage.Path + "/code";
    public const string ResendPath = Path + "/resend";
    public const string DonePath = ForgotPage.Path + "/done";

    // Told beside the field of the code, where they are mended; the others are about the whole request.
    private static readonly string[] OfCode = [IdentityErrors.CodeWrong.Code, IdentityErrors.CodeExpired.Code, IdentityErrors.CodeExhausted.Code];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, (string? id, int? wait, bool? sent, HttpContext http) => Show(http, new ResetCode(id) { Wait = wait, Sent = sent is true }, error: null))
            .AllowAnonymous();
        pages.MapPost(Path, SubmitAsync).AllowAnonymous().LimitBy(RateLimitPolicy.Verify);
        pages.MapPost(ResendPath, ResendAsync).AllowAnonymous().LimitBy(RateLimitPolicy.Verify);
        pages.MapGet(DonePath, ResetPasswordPage.ShowDone).AllowAnonymous();
    }

    private static async Task<IResult> SubmitAsync(CompletePasswordReset.Handler handler, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = new ResetCode(form["id"]) { Code = form["code"] };
        if (!Guid.TryParse(typed.Id, out var id)) return Show(http, typed, IdentityErrors.ResetNotFound);

        // People copy a code with spaces around it, or one in its middle.
        var request = new CompletePasswordReset.Request { Code = typed.Code?.Replace(" ", "", StringComparison.Ordinal), Password = form["password"] };
        var outcome = await handler.HandleAsync(id, request, new Faults(), http.Caller(), http.RequestAborted);
        return outcome.Match(_ => http.SeeOther(DonePath), error => Show(http, typed, error));
    }

    private static async Task<IResult> ResendAsync(ResendPasswordReset.Handler handler, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = new ResetCode(form["id"]);
        if (!Guid.TryParse(typed.Id, out var id)) return Show(http, typed, IdentityErrors.ResetNotFound);

        var outcome = await handler.HandleAsync(id, http.Caller(), http.RequestAborted);
        return outcome.Match(
            resent => http.SeeOther(string.Create(CultureInfo.InvariantCulture, $"{Path}?id={id}&wait={resent.ResendAfter}&sent=true")),
            error => Show(http, typed with { Wait = error.RetryAfter is { } wait ? (int)Math.Ceiling(wait.TotalSeconds) : null }, error));
    }

    private static RazorComponentResult Show(HttpContext http, ResetCode form, Error? error) => http.Page<ResetCodeForm>(
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ResetCodeForm.Form)] = form,
            [nameof(ResetCodeForm.Error)] = error is not null && OfCode.Contains(error.Code, StringComparer.Ordinal)
                ? RequestErrors.Invalid.With([new FieldFault("code", error.Code, error.Facts)]) : error,
        },
        error);
}

/// <summary>What the page shows; the password is never shown again.</summary>
/// <param name="Id">The reset.</param>
public sealed record ResetCode(string? Id)
{
    public string? Code { get; init; }

    /// <summary>Seconds until another code may be asked for: 0 when there is none to come, null when it is not known.</summary>
    public int? Wait { get; init; }

    /// <summary>Whether another code has just been asked for.</summary>
    public bool Sent { get; init; }
}
