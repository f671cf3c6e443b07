using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Accounts;

/// <summary>The form that starts a registration; the code is entered on the next page (<see cref="RegistrationPages"/>).</summary>
internal static class SignUpPage
{
    public const string Path = "/sign-up";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(Path, (HttpContext http) => Show(http, SignUpState.Of(http.TakeTyped(Path, SignUpState.Fields.Count)), error: null))
            .AllowAnonymous();
        pages.MapPost(Path, SubmitAsync).AllowAnonymous().LimitBy(AccountsArea.RegisterLimit).FormOf(Path, SignUpState.Fields).Once();
    }

    private static async Task<IResult> SubmitAsync(RegisterUser.Handler handler, RegistrationPages next, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var username = form["username"].ToString();
        var request = new RegisterUser.Request
        {
            Name = form["name"],
            Email = form["email"],
            Username = username,
            Password = form["password"],
        };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Match(
            started => next.Begin(http, started.RegistrationId, request.Email),
            error =>
                Show(
                    http,
                    new SignUpState
                    {
                        Name = request.Name,
                        Email = request.Email,
                        Username = username,
                    },
                    error
                )
        );
    }

    private static RazorComponentResult Show(HttpContext http, SignUpState typed, Error? error) =>
        http.Page<SignUpForm>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(SignUpForm.Typed)] = typed,
                [nameof(SignUpForm.Error)] = error.AtField("username", AccountsErrors.UsernameTaken),
            },
            error
        );
}

/// <summary>What the page shows; the password is never shown again.</summary>
public sealed record SignUpState
{
    public static readonly IReadOnlyList<string> Fields = ["name", "email", "username"];

    public required string? Name { get; init; }

    public required string? Email { get; init; }

    public required string? Username { get; init; }

    public static SignUpState Of(IReadOnlyList<string>? fields) =>
        new()
        {
            Name = fields?[0],
            Email = fields?[1],
            Username = fields?[2],
        };

    public override string ToString() => "[sign-up]";
}
