using System.Globalization;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Organizations.Access;

/// <summary>The form that sets how users register for a role.</summary>
internal sealed class RoleRegistrationPages(
    GetRole.Handler roles,
    GetRoleRegistration.Handler registrations,
    SetRoleRegistration.Handler set,
    KnownPermissions permissions,
    MessageCatalog texts
)
{
    public const string Suffix = "/registration";

    private const string Route = RolesPages.Path + "/{id:guid}" + Suffix;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(Route, (Guid id, RoleRegistrationPages pages, HttpContext http) => pages.ShowAsync(id, http))
            .RequirePermissionSomewhere(AccessArea.WriteRoles);
        pages
            .MapPost(Route, (Guid id, RoleRegistrationPages pages, HttpContext http) => pages.SaveAsync(id, http))
            .RequirePermissionSomewhere(AccessArea.WriteRoles)
            .FormOfItself(RoleRegistrationForm.Fields);
    }

    /// <summary>Whether anybody may ever register for it.</summary>
    public bool MayOpen(RoleRow row) => row.Where is null && !row.Permissions.Any(permissions.IsDeclared);

    private async Task<IResult> ShowAsync(Guid id, HttpContext http)
    {
        var found = await FindAsync(id, http);
        if (found.Error is { } error)
            return error.ToProblem();
        var kept = RoleRegistrationForm.Of(http.TakeDraft(http.Request.Path, RoleRegistrationForm.Fields.Count));
        return Form(http, found.Value, kept ?? RoleRegistrationForm.Of(RoleRegistrationView.Of(found.Value.Registration)));
    }

    private async Task<IResult> SaveAsync(Guid id, HttpContext http)
    {
        var found = await FindAsync(id, http);
        if (found.Error is { } error)
            return error.ToProblem();
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = RoleRegistrationForm.Of(form);
        var version = form["version"].ToString();
        var expected = version.Length == 0 ? StringValues.Empty : new StringValues(EntityTags.Quoted(version));
        var outcome = await set.HandleAsync(id, typed.ToInput(), expected, http.Actor(), http.RequestAborted);
        return outcome.Error is { } rejection
            ? Form(http, found.Value, typed, rejection)
            : http.Tell(
                texts.Text("page.console.role.registration-saved", http.Language(), TextInput.Limits(("name", found.Value.Role.Name))),
                RolePages.PathOf(id)
            );
    }

    private static RazorComponentResult Form(HttpContext http, Found found, RoleRegistrationForm typed, Error? error = null) =>
        http.Page<RoleRegistrationPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(RoleRegistrationPage.Role)] = found.Role,
                [nameof(RoleRegistrationPage.Version)] = found.Registration.Version.ToString(CultureInfo.InvariantCulture),
                [nameof(RoleRegistrationPage.Form)] = typed,
                [nameof(RoleRegistrationPage.Error)] = error,
            },
            error
        );

    // An own role that the actor may change.
    private async Task<Outcome<Found>> FindAsync(Guid id, HttpContext http)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        var found = await roles.HandleAsync(id, actor, stop);
        if (found.Error is { } error)
            return error;
        if (found.Value.Own is not { } row)
            return RoleErrors.BuiltIn;
        if (RoleRules.Check(row.Where, row.ToRole(found.Value.Known).Permissions, actor.RequiredAccess) is { } rejection)
            return rejection;
        var registration = await registrations.HandleAsync(id, actor, stop);
        return registration.Error is { } gone
            ? gone
            : new Found(RoleViews.View(row, found.Value.Known)) { Registration = registration.Value };
    }

    private sealed record Found(RoleView Role)
    {
        public required RoleRegistrationRow Registration { get; init; }
    }
}

/// <summary>The form, as it was typed.</summary>
public sealed record RoleRegistrationForm
{
    public const string StateField = "state";
    public const string RequiredField = "requiredFields";
    public const string AgeField = "minimumAge";
    public const string VerificationField = "verification";
    public const string EarlyField = "signInBeforeVerification";
    public const string IntroductionField = "introduction.";
    public const string Yes = "yes";
    public const string No = "no";

    /// <summary>In the order of <see cref="Of(IReadOnlyList{string})"/>.</summary>
    public static readonly IReadOnlyList<string> Fields =
    [
        StateField,
        RequiredField,
        AgeField,
        VerificationField,
        EarlyField,
        .. Languages.All.Select(language => IntroductionField + language),
    ];

    private const int BeforeIntroductions = 5;

    public string State { get; private init; } = "";

    public IReadOnlyList<string> RequiredFields { get; private init; } = [];

    public string MinimumAge { get; private init; } = "";

    public string Verification { get; private init; } = "";

    public string Early { get; private init; } = "";

    /// <summary>In the languages of the service; empty for none.</summary>
    public IReadOnlyDictionary<string, string> Introduction { get; private init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal static RoleRegistrationForm Of(RoleRegistrationView view) =>
        new()
        {
            State = view.State,
            RequiredFields = view.RequiredFields,
            MinimumAge = view.MinimumAge?.ToString(CultureInfo.InvariantCulture) ?? "",
            Verification = view.Verification,
            Early = view.SignInBeforeVerification ? Yes : No,
            Introduction = Languages.All.ToDictionary(l => l, l => view.Introduction.GetValueOrDefault(l, ""), StringComparer.Ordinal),
        };

    // Several boxes of one name arrive with commas between them; no field has one.
    internal static RoleRegistrationForm? Of(IReadOnlyList<string>? fields) =>
        fields is null
            ? null
            : new()
            {
                State = fields[0],
                RequiredFields = fields[1].Split(',', StringSplitOptions.RemoveEmptyEntries),
                MinimumAge = fields[2],
                Verification = fields[3],
                Early = fields[4],
                Introduction = Languages
                    .All.Select((language, i) => KeyValuePair.Create(language, fields[BeforeIntroductions + i]))
                    .ToDictionary(StringComparer.Ordinal),
            };

    internal static RoleRegistrationForm Of(IFormCollection form) => Of([.. Fields.Select(field => form[field].ToString())])!;

    internal Input<SetRoleRegistration.Request> ToInput()
    {
        var errors = new ValidationErrors();
        int? age = null;
        if (int.TryParse(MinimumAge, NumberStyles.None, CultureInfo.InvariantCulture, out var typed))
            age = typed;
        else if (!TextInput.IsBlank(MinimumAge))
            errors.Add(AgeField, ValidationCodes.OutOfRange, TextInput.Limits(("min", 1), ("max", RoleRegistrationInput.MaxAge)));
        return new Input<SetRoleRegistration.Request>(
            new SetRoleRegistration.Request
            {
                State = State,
                RequiredFields = RequiredFields,
                MinimumAge = age,
                Verification = Verification,
                SignInBeforeVerification = Early == Yes,
                Introduction = Introduction.Where(line => !TextInput.IsBlank(line.Value)).ToDictionary(StringComparer.Ordinal),
            },
            errors
        );
    }
}
