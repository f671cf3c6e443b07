using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Captcha;
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

    /// <summary>The page of a role; of none without one.</summary>
    public static string PathOf(string? role) => string.IsNullOrEmpty(role) ? Path : Path + QueryString.Create("role", role);

    private static async Task<IResult> OpenAsync(SignUpParts parts, HttpContext http)
    {
        if (!http.Actor().Tenant.Settings.RegistrationIsOpen)
            return Closed(http, AccountsErrors.RegistrationClosed);
        var state = SignUpState.Of(http.TakeTyped(Path, SignUpState.Fields.Count));
        // A link of an organization brings its code, one of an application the role.
        if (string.IsNullOrEmpty(state.Code) && http.Request.Query["code"] is { Count: 1 } code)
            state = state with { Code = code[0]![..Math.Min(code[0]!.Length, RegisterUser.MaxRegistrationCode)] };
        if (string.IsNullOrEmpty(state.Role) && http.Request.Query["role"] is { Count: 1 } role)
            state = state with { Role = role[0] };
        return await ShowAsync(http, parts, state, error: null);
    }

    private static async Task<IResult> SubmitAsync(
        RegisterUser.Handler handler,
        SignUpParts parts,
        RegistrationPages next,
        CaptchaGuard captcha,
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
            // The field is gone where only codes sign in, maybe since the page was opened.
            Password = http.Actor().Tenant.Settings.SignsInByPassword ? form["password"].ToString() : null,
            RegistrationCode = form["registrationCode"],
            Role = form["role"],
            GivenName = form["givenName"],
            FamilyName = form["familyName"],
            BirthDate = form["birthDate"],
            AcceptedTerms = form["acceptedTerms"],
            CaptchaToken = captcha.TokenIn(form),
        };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), mayHoldTokens: false, http.RequestAborted);
        if (outcome.Error is not { } error)
            return next.Begin(http, outcome.Value.RegistrationId, Contact(request));
        if (error == AccountsErrors.RegistrationClosed)
            return Closed(http, error, isSubmitted: true);
        var typed = new SignUpState
        {
            Name = request.Name,
            Email = request.Email,
            PhoneNumber = request.PhoneNumber,
            Region = form[RegionField.Name],
            Username = username,
            Code = request.RegistrationCode,
            Role = request.Role,
            GivenName = request.GivenName,
            FamilyName = request.FamilyName,
            BirthDate = request.BirthDate,
        };
        return await ShowAsync(http, parts, typed, error);
    }

    private static string? Contact(RegisterUser.Request request) =>
        string.IsNullOrWhiteSpace(request.Email) ? IdentifierInput.Whole(request.PhoneNumber, request.Region) : request.Email;

    // Opened, it is a page that says so; submitted, a rejection.
    private static RazorComponentResult Closed(HttpContext http, Error why, bool isSubmitted = false) =>
        http.Page<SignUpClosed>(
            new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(SignUpClosed.Why)] = why },
            isSubmitted ? why : null
        );

    // Most installations have no codes, and need no field that nobody can fill in.
    private static async Task<IResult> ShowAsync(HttpContext http, SignUpParts parts, SignUpState typed, Error? error)
    {
        var (tenant, stop) = (http.Actor().Tenant.Id, http.RequestAborted);
        var role = await parts.FindRoleAsync(tenant, typed.Role, stop);
        if (role is null && !TextInput.IsBlank(typed.Role))
            return Closed(http, AccountsErrors.RoleNotOpen, error is not null);
        var asksForCode = !string.IsNullOrEmpty(typed.Code) || await parts.HasCodesAsync(tenant, stop);
        return http.Page<SignUpForm>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(SignUpForm.Typed)] = typed,
                [nameof(SignUpForm.Role)] = role,
                [nameof(SignUpForm.AsksForCode)] = asksForCode,
                [nameof(SignUpForm.Error)] = error.AtField("username", AccountsErrors.UsernameTaken),
            },
            error
        );
    }
}

/// <summary>What the page asks of other modules.</summary>
internal sealed class SignUpParts(Database database, IRegistrationPlacement placement, IRegistrationRoles roles)
{
    public ValueTask<bool> HasCodesAsync(Guid tenant, CancellationToken cancellationToken) =>
        placement.HasCodesAsync(tenant, cancellationToken);

    /// <summary>The open role of that name; null for none.</summary>
    public async Task<RegistrationRole?> FindRoleAsync(Guid tenant, string? typed, CancellationToken cancellationToken) =>
        TextInput.IsBlank(typed) || TextInput.Clean(typed, "role", RegisterUser.MaxRole, new ValidationErrors()) is not { } name
            ? null
            : await database.QueryAsync(db => roles.FindOpenAsync(db, tenant, name), cancellationToken);
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
        "role",
        "givenName",
        "familyName",
        "birthDate",
    ];

    public required string? Name { get; init; }

    public required string? Email { get; init; }

    public string? PhoneNumber { get; init; }

    public string? Region { get; init; }

    public required string? Username { get; init; }

    public string? Code { get; init; }

    public string? Role { get; init; }

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    public string? BirthDate { get; init; }

    public static SignUpState Of(IReadOnlyList<string>? fields) =>
        new()
        {
            Name = fields?[0],
            Email = fields?[1],
            Username = fields?[2],
            Code = fields?[3],
            PhoneNumber = fields?[4],
            Region = fields?[5],
            Role = fields?[6],
            GivenName = fields?[7],
            FamilyName = fields?[8],
            BirthDate = fields?[9],
        };

    public override string ToString() => "[sign-up]";
}
