using System.Globalization;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Accounts;

/// <summary>The page where the code of a registration is entered or requested again. The right code signs the browser in.</summary>
internal static class EnterCodePage
{
    public const string Path = SignUpPage.Path + "/code";
    public const string ResendPath = Path + "/resend";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, (string? id, string? again, bool? sent, HttpContext http) => Show(http, new CodeForm(id, ResendTime.Read(again)) { Sent = sent is true }, error: null)).AllowAnonymous();
        pages.MapPost(Path, SubmitAsync).AllowAnonymous().LimitBy(VerificationArea.VerifyLimit);
        pages.MapPost(ResendPath, ResendAsync).AllowAnonymous().LimitBy(VerificationArea.VerifyLimit);
    }

    private static async Task<IResult> SubmitAsync(ConfirmByCode.Handler handler, RegistrationOptions options, TokenTransport transport, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = new CodeForm(form["id"], ResendTime.Read(form["again"])) { Code = form["code"], Username = form.ContainsKey("username") ? form["username"].ToString() : null };
        if (!Guid.TryParse(typed.Id, out var id)) return Show(http, typed, AccountsErrors.RegistrationNotFound);

        var request = new ConfirmByCode.Request { Code = CodeInput.In(typed.Code, options.CodeDigits), Username = typed.Username };
        var outcome = await handler.HandleAsync(id, request, new ValidationErrors(), http.Actor(), http.RequestAborted);
        // A second click: the first has done it.
        if (outcome.Error == AccountsErrors.RegistrationCompleted && http.Actor().User is not null) return http.SeeOther(LocalPath.Account);
        if (outcome.Error is { } error)
            return Show(http, error.Code == AccountsErrors.UsernameTaken.Code ? typed with { Username = typed.Username ?? "" } : typed, error);

        transport.SignIn(http, outcome.Value, remember: false);
        return http.SeeOther(LocalPath.Account);
    }

    private static async Task<IResult> ResendAsync(ResendCode.Handler handler, TimeProvider clock, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = new CodeForm(form["id"], ResendAt: null);
        if (!Guid.TryParse(typed.Id, out var id)) return Show(http, typed, AccountsErrors.RegistrationNotFound);

        var outcome = await handler.HandleAsync(id, http.Actor(), http.RequestAborted);
        return outcome.Match(
            resent => http.SeeOther(string.Create(CultureInfo.InvariantCulture, $"{Path}?id={id}&again={ResendTime.After(resent.ResendAfter, clock)}&sent=true")),
            error => Show(http, typed with { ResendAt = error == VerificationErrors.ResendLimitReached ? ResendTime.Never : error.RetryAfter is { } wait ? ResendTime.After(wait, clock) : null }, error));
    }

    private static RazorComponentResult Show(HttpContext http, CodeForm form, Error? error) => http.Page<EnterCodeForm>(
        new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(EnterCodeForm.Form)] = form, [nameof(EnterCodeForm.Error)] = AtFields(error) }, error);

    private static Error? AtFields(Error? error) => error
        .AtField("code", VerificationErrors.CodeWrong, VerificationErrors.CodeExpired, VerificationErrors.TooManyAttempts)
        .AtField("username", AccountsErrors.UsernameTaken);
}

/// <summary>What the page shows.</summary>
/// <param name="Id">The registration.</param>
/// <param name="ResendAt">When another code may be asked for (ResendTime); null when it is not known.</param>
public sealed record CodeForm(string? Id, long? ResendAt)
{
    public string? Code { get; init; }

    /// <summary>Asked for only when the one chosen at the start was taken meanwhile; null until then.</summary>
    public string? Username { get; init; }

    /// <summary>Whether another code has just been sent.</summary>
    public bool Sent { get; init; }
}
