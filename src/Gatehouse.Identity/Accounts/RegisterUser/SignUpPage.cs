using System.Globalization;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Accounts;

/// <summary>The form that starts a registration; the code is entered on the next page (EnterCodePage).</summary>
internal static class SignUpPage
{
    public const string Path = "/sign-up";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, (HttpContext http) => Show(http, new SignUpState(Name: null, Email: null, Username: null), error: null)).AllowAnonymous();
        pages.MapPost(Path, SubmitAsync).AllowAnonymous().LimitBy(AccountsArea.RegisterLimit);
    }

    private static async Task<IResult> SubmitAsync(RegisterUser.Handler handler, TimeProvider clock, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var username = form["username"].ToString();
        var request = new RegisterUser.Request
        {
            Name = form["name"],
            Email = form["email"],
            Username = username.Length == 0 ? null : username,
            Password = form["password"],
        };
        var outcome = await handler.HandleAsync(request, new ValidationErrors(), http.Actor(), http.RequestAborted);
        return outcome.Match(
            started => http.SeeOther(string.Create(CultureInfo.InvariantCulture, $"{EnterCodePage.Path}?id={started.RegistrationId}&again={ResendTime.After(started.ResendAfter, clock)}")),
            error => Show(http, new SignUpState(request.Name, request.Email, username), error));
    }

    private static RazorComponentResult Show(HttpContext http, SignUpState typed, Error? error) => http.Page<SignUpForm>(
        new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(SignUpForm.Typed)] = typed, [nameof(SignUpForm.Error)] = error.AtField("username", AccountsErrors.UsernameTaken) }, error);
}

/// <summary>What the page shows; the password is never shown again.</summary>
public sealed record SignUpState(string? Name, string? Email, string? Username)
{
    public override string ToString() => "[sign-up]";
}
