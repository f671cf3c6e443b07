using System.Globalization;
using Gatehouse.Runtime.Http;
using Gatehouse.Runtime.Outcomes;
using Gatehouse.Runtime.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Accounts;

/// <summary>Where the code of a registration is entered, and asked for anew. The right one signs the browser in.</summary>
internal static class EnterCodePage
{
    public const string Path = SignUpPage.Path + "/code";
    public const string ResendPath = Path + "/resend";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, (string? id, int? wait, bool? sent, HttpContext http) => Show(http, new CodeForm(id) { Wait = wait ?? 0, Sent = sent is true }, error: null)).AllowAnonymous();
        pages.MapPost(Path, SubmitAsync).AllowAnonymous().LimitBy(RateLimitPolicy.Verify);
        pages.MapPost(ResendPath, ResendAsync).AllowAnonymous().LimitBy(RateLimitPolicy.Verify);
    }

    private static async Task<IResult> SubmitAsync(ConfirmByCode.Handler handler, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = new CodeForm(form["id"]) { Code = form["code"], Username = form.ContainsKey("username") ? form["username"].ToString() : null };
        if (!Guid.TryParse(typed.Id, out var id)) return Show(http, typed, IdentityErrors.RegistrationNotFound);

        // People copy a code with spaces around it, or one in its middle.
        var request = new ConfirmByCode.Request { Code = typed.Code?.Replace(" ", "", StringComparison.Ordinal), Username = typed.Username };
        var outcome = await handler.HandleAsync(id, request, new Faults(), http.Caller(), http.RequestAborted);
        if (outcome.Error is { } error)
            return Show(http, error.Code == IdentityErrors.UsernameTaken.Code ? typed with { Username = typed.Username ?? "" } : typed, error);

        http.RememberDevice(outcome.Value.DeviceToken);
        http.SetSessionCookies(outcome.Value.Tokens.AccessToken!, outcome.Value.Tokens.RefreshToken!, remember: null);
        return http.SeeOther(HomePage.AccountPath);
    }

    private static async Task<IResult> ResendAsync(ResendCode.Handler handler, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = new CodeForm(form["id"]);
        if (!Guid.TryParse(typed.Id, out var id)) return Show(http, typed, IdentityErrors.RegistrationNotFound);

        var outcome = await handler.HandleAsync(id, http.Caller(), http.RequestAborted);
        return outcome.Match(
            resent => http.SeeOther(string.Create(CultureInfo.InvariantCulture, $"{Path}?id={id}&wait={resent.ResendAfter}&sent=true")),
            error => Show(http, typed with { Wait = (int)Math.Ceiling(error.RetryAfter?.TotalSeconds ?? 0) }, error));
    }

    private static RazorComponentResult Show(HttpContext http, CodeForm form, Error? error) => http.Page<EnterCodeForm>(
        new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(EnterCodeForm.Form)] = form, [nameof(EnterCodeForm.Error)] = error }, error);
}

/// <summary>What the page shows.</summary>
/// <param name="Id">The registration.</param>
public sealed record CodeForm(string? Id)
{
    public string? Code { get; init; }

    /// <summary>Asked for only when the one chosen at the start was taken meanwhile; null until then.</summary>
    public string? Username { get; init; }

    /// <summary>Seconds until another code may be asked for.</summary>
    public int Wait { get; init; }

    /// <summary>Whether another code has just been sent.</summary>
    public bool Sent { get; init; }
}
