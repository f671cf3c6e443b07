using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Verification;
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
        pages.MapGet(Path, OpenAsync).AllowAnonymous();
        pages.MapPost(Path, SubmitAsync).AllowAnonymous().LimitBy(AccountsArea.RegisterLimit).FormOf(Path, SignUpState.Fields).Once();
    }

    private static async Task<IResult> OpenAsync(IRegistrationPlacement placement, HttpContext http)
    {
        if (!http.Actor().Tenant.Settings.RegistrationIsOpen)
            return Closed(http, error: null);
        var state = SignUpState.Of(http.TakeTyped(Path, SignUpState.Fields.Count));
        // A link of an organization brings its code.
        if (string.IsNullOrEmpty(state.Code) && http.Request.Query["code"] is { Count: 1 } code)
            state = state with { Code = code[0]![..Math.Min(code[0]!.Length, RegisterUser.MaxRegistrationCode)] };
        return await ShowAsync(http, placement, state, error: null);
    }

    private static async Task<IResult> SubmitAsync(
        RegisterUser.Handler handler,
        IRegistrationPlacement placement,
        RegistrationPages next,
        HttpContext http
    )
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var username = form["username"].ToString();
        var request = new RegisterUser.Request
        {
            Name = form["name"],
            Email = form["email"],
            PhoneNumber = form["phoneNumber"],
            Region = form[RegionField.Name] is [{ Length: > 0 } region] ? region : null,
            Username = username,
            Password = form["password"],
            RegistrationCode = form["registrationCode"],
        };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is not { } error)
            return next.Begin(http, outcome.Value.RegistrationId, Contact(request));
        if (error == AccountsErrors.RegistrationClosed)
            return Closed(http, error);
        var typed = new SignUpState
        {
            Name = request.Name,
            Email = request.Email,
            PhoneNumber = request.PhoneNumber,
            Region = form[RegionField.Name],
            Username = username,
            Code = request.RegistrationCode,
        };
        return await ShowAsync(http, placement, typed, error);
    }

    private static string? Contact(RegisterUser.Request request) =>
        string.IsNullOrWhiteSpace(request.Email) ? IdentifierInput.Whole(request.PhoneNumber, request.Region) : request.Email;

    private static RazorComponentResult Closed(HttpContext http, Error? error) =>
        http.Page<SignUpClosed>(new Dictionary<string, object?>(StringComparer.Ordinal), error);

    // Most installations have no codes, and need no field that nobody can fill in.
    private static async Task<IResult> ShowAsync(HttpContext http, IRegistrationPlacement placement, SignUpState typed, Error? error)
    {
        var asksForCode = !string.IsNullOrEmpty(typed.Code) || await placement.HasCodesAsync(http.Actor().Tenant.Id, http.RequestAborted);
        return http.Page<SignUpForm>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(SignUpForm.Typed)] = typed,
                [nameof(SignUpForm.AsksForCode)] = asksForCode,
                [nameof(SignUpForm.Error)] = error.AtField("username", AccountsErrors.UsernameTaken),
            },
            error
        );
    }
}

/// <summary>What the page shows; the password is never shown again.</summary>
public sealed record SignUpState
{
    public static readonly IReadOnlyList<string> Fields =
    [
        "name",
        "email",
        "username",
        "registrationCode",
        "phoneNumber",
        RegionField.Name,
    ];

    public required string? Name { get; init; }

    public required string? Email { get; init; }

    public string? PhoneNumber { get; init; }

    public string? Region { get; init; }

    public required string? Username { get; init; }

    public string? Code { get; init; }

    public static SignUpState Of(IReadOnlyList<string>? fields) =>
        new()
        {
            Name = fields?[0],
            Email = fields?[1],
            Username = fields?[2],
            Code = fields?[3],
            PhoneNumber = fields?[4],
            Region = fields?[5],
        };

    public override string ToString() => "[sign-up]";
}
