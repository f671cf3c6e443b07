using Gatehouse.Core.Results;
using Gatehouse.Identity.Captcha;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.SignIn;

/// <summary>
/// The form to sign in; it leads on to where the user was going, within this server only. Where the tenant says so, the identifier is asked
/// for first: it waits in a cookie of the browser, and the next page offers what the tenant allows. Nothing is looked up for it, so that
/// page is the same for every identifier.
/// </summary>
internal static class SignInPage
{
    public const string Path = "/sign-in";

    /// <summary>Where the same form is sent for a code instead.</summary>
    public const string SendCodePath = Path + "/send-code";

    /// <summary>Where the answer of an authenticator is sent.</summary>
    public const string PasskeyPath = Path + "/passkey";

    /// <summary>Where the form of the identifier alone is sent.</summary>
    public const string IdentifierPath = Path + "/identifier";

    private const string NextPath = Path + "/next";

    private static readonly SealedCookie Typed = new("__Host-gatehouse-sign-in-as", "Gatehouse.SignIn.Typed", TimeSpan.FromMinutes(10));

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Path,
                async (string? returnUrl, HttpContext http) =>
                    http.Actor().User is null
                        ? await ShowAsync(http, SignInState.Of(http.TakeTyped(Path, SignInState.Fields.Count), returnUrl), error: null)
                        : http.SeeOther(LocalPath.AfterSignIn(returnUrl))
            )
            .AllowAnonymous();
        Delegate keep = KeepAsync;
        pages.MapPost(IdentifierPath, keep).AllowAnonymous().FormOf(Path, SignInState.Fields);
        pages.MapGet(NextPath, ShowNextAsync).AllowAnonymous();
        pages.MapPost(Path, SubmitAsync).AllowAnonymous().LimitBy(SignInArea.SignInLimit).FormOf(Path, SignInState.Fields);
    }

    private static async Task<IResult> KeepAsync(HttpContext http)
    {
        var typed = await ReadAsync(http);
        if (!AsksIdentifierFirst(http))
            return http.SeeOther(At(typed.ReturnUrl));
        var errors = new ValidationErrors();
        if (Identifier.Parse(typed.Identifier, typed.ChosenRegion, "identifier", errors) is null || errors.Any)
            return await ShowAsync(http, typed, RequestErrors.InvalidWith(errors));
        var whole = IdentifierInput.Whole(typed.Identifier!.Trim(), typed.ChosenRegion)!;
        Typed.Write(http, http.Actor().Tenant.Id.ToString(), [whole]);
        return http.SeeOther(NextAt(typed.ReturnUrl));
    }

    private static async Task<IResult> ShowNextAsync(string? returnUrl, HttpContext http)
    {
        if (http.Actor().User is not null)
            return http.SeeOther(LocalPath.AfterSignIn(returnUrl));
        return AsksIdentifierFirst(http) && Typed.Read(http, http.Actor().Tenant.Id.ToString()) is [{ Length: > 0 } identifier]
            ? await ShowAsync(http, new SignInState(identifier, Remember: false, returnUrl), error: null, isSecond: true)
            : http.SeeOther(At(returnUrl));
    }

    private static bool AsksIdentifierFirst(HttpContext http) =>
        http.Actor().Tenant.Settings is { AsksIdentifierFirst: true, SignsInByPassword: true, SignsInByCode: true };

    private static async Task<IResult> SubmitAsync(
        SignInWithPassword.Handler handler,
        TokenTransport transport,
        CaptchaGuard captcha,
        HttpContext http
    )
    {
        var typed = await ReadAsync(http);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var request = new SignInWithPassword.Request
        {
            Identifier = typed.Identifier,
            Region = typed.ChosenRegion,
            Password = form["password"],
            Transport = TokenTransport.Cookie,
            Remember = typed.Remember,
            CaptchaToken = captcha.TokenIn(form),
        };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return await ShowAsync(http, typed, error);

        Forget(http);
        return http.SeeOther(WaitingChallenge.GoOn(http, transport, outcome.Value, typed.Remember, typed.ReturnUrl));
    }

    /// <summary>What was sent with the form, the password excepted.</summary>
    public static async Task<SignInState> ReadAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return new SignInState(form["identifier"], form["remember"] == "true", form["returnUrl"]) { Region = form[RegionField.Name] };
    }

    /// <summary>The page that leads on there.</summary>
    public static string At(string? returnUrl) => With(Path, returnUrl);

    /// <summary>The page that follows the identifier.</summary>
    public static string NextAt(string? returnUrl) => With(NextPath, returnUrl);

    /// <summary>The identifier has done its work in this browser.</summary>
    public static void Forget(HttpContext http)
    {
        if (Typed.IsSet(http))
            Typed.Remove(http);
    }

    private static string With(string path, string? returnUrl) =>
        string.IsNullOrEmpty(returnUrl) ? path : path + QueryString.Create("returnUrl", returnUrl);

    /// <summary>The application that waits there, to which forms of this page may lead; null for none.</summary>
    public static async Task<SignInOccasion?> AllowOccasionAsync(HttpContext http, string? returnUrl)
    {
        var occasion = http.RequestServices.GetService<ISignInOccasion>() is { } occasions
            ? await occasions.FindAsync(http, returnUrl)
            : null;
        if (occasion is not null)
            http.Features.Set(occasion.Policy);
        return occasion;
    }

    /// <param name="error">Why a form of this page was rejected; null at first.</param>
    public static Task<RazorComponentResult> ShowAsync(HttpContext http, SignInState state, Error? error) =>
        ShowAsync(http, state, error, isSecond: error is not null && AsksIdentifierFirst(http) && !IsOfIdentifier(error));

    /// <summary>The same for what is rejected before anybody is named.</summary>
    public static Task<RazorComponentResult> ShowFirstAsync(HttpContext http, SignInState state, Error? error) =>
        ShowAsync(http, state, error, isSecond: false);

    private static bool IsOfIdentifier(Error error) => error.Errors.Any(one => one.Field is "identifier" or RegionField.Name);

    private static async Task<RazorComponentResult> ShowAsync(HttpContext http, SignInState state, Error? error, bool isSecond)
    {
        var occasion = await AllowOccasionAsync(http, state.ReturnUrl);
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(SignInForm.State)] = state with { Identifier = state.Identifier ?? occasion?.Identifier },
            [nameof(SignInForm.Occasion)] = occasion,
            [nameof(SignInForm.Error)] = error,
        };
        if (!isSecond && AsksIdentifierFirst(http))
            return http.Page<IdentifierForm>(parameters, error);
        parameters[nameof(SignInForm.IsSecond)] = isSecond;
        return http.Page<SignInForm>(parameters, error);
    }
}

/// <summary>What the page shows; the password is never shown again.</summary>
public sealed record SignInState(string? Identifier, bool Remember, string? ReturnUrl)
{
    public static readonly IReadOnlyList<string> Fields = ["identifier", "remember", RegionField.Name];

    /// <summary>Of a phone number without a plus.</summary>
    public string? Region { get; init; }

    /// <summary>Null where none was chosen.</summary>
    public string? ChosenRegion => string.IsNullOrEmpty(Region) ? null : Region;

    public static SignInState Of(IReadOnlyList<string>? fields, string? returnUrl) =>
        new(fields?[0], fields?[1] == "true", returnUrl) { Region = fields?[2] };

    public override string ToString() => "[sign-in]";
}
