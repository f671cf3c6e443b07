using Gatehouse.Core.Results;
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

/// <summary>The form to sign in; it leads on to where the user was going, within this server only.</summary>
internal static class SignInPage
{
    public const string Path = "/sign-in";

    /// <summary>Where the same form is sent for a code instead.</summary>
    public const string SendCodePath = Path + "/send-code";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Path,
                async (string? returnUrl, HttpContext http) =>
                    http.Actor().User is null
                        ? await ShowAsync(http, SignInState.Of(http.TakeTyped(Path, SignInState.Fields.Count), returnUrl), error: null)
                        : http.SeeOther(Onward(returnUrl))
            )
            .AllowAnonymous();
        pages.MapPost(Path, SubmitAsync).AllowAnonymous().LimitBy(SignInArea.SignInLimit).FormOf(Path, SignInState.Fields);
    }

    private static async Task<IResult> SubmitAsync(SignInWithPassword.Handler handler, TokenTransport transport, HttpContext http)
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
        };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return await ShowAsync(http, typed, error);

        transport.SignIn(http, outcome.Value, typed.Remember);
        return http.SeeOther(Onward(typed.ReturnUrl));
    }

    /// <summary>What was sent with the form, the password excepted.</summary>
    public static async Task<SignInState> ReadAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return new SignInState(form["identifier"], form["remember"] == "true", form["returnUrl"]) { Region = form[RegionField.Name] };
    }

    /// <summary>The page that leads on there.</summary>
    public static string At(string? returnUrl) =>
        string.IsNullOrEmpty(returnUrl) ? Path : Path + QueryString.Create("returnUrl", returnUrl);

    /// <summary>Where a browser goes that is signed in now.</summary>
    public static string Onward(string? returnUrl) => string.IsNullOrEmpty(returnUrl) ? LocalPath.Account : LocalPath.OrHome(returnUrl);

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

    public static async Task<RazorComponentResult> ShowAsync(HttpContext http, SignInState state, Error? error)
    {
        var occasion = await AllowOccasionAsync(http, state.ReturnUrl);
        return http.Page<SignInForm>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(SignInForm.State)] = state with { Identifier = state.Identifier ?? occasion?.Identifier },
                [nameof(SignInForm.Occasion)] = occasion,
                [nameof(SignInForm.Error)] = error,
            },
            error
        );
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
