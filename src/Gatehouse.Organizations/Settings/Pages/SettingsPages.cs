using System.Globalization;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Organizations.Settings;

/// <summary>The settings of the tenant: a form for who may change them, and what they are for others.</summary>
internal sealed class SettingsPages(GetTenantSettings.Handler settings, UpdateTenantSettings.Handler update, MessageCatalog texts)
{
    public const string Path = "/admin/settings";
    public const string RegistrationField = "registration";
    public const string DefaultLanguageField = "defaultLanguage";

    public const string IdentifiersField = "identifiers";
    public const string DefaultRegionField = "defaultRegion";
    public const string UsernamesField = "usernames";
    public const string SignInModesField = "signInModes";
    public const string AutomaticField = "automaticRegistration";
    public const string SignInPageField = "signInPage";
    public const string SecondFactorField = "secondFactor";
    public const string SecondFactorsField = "secondFactors";
    public const string SecondFactorRolesField = "secondFactorRoles";
    public const string SecondFactorGraceField = "secondFactorGraceDays";
    public const string EmailChangeField = "emailChange";
    public const string On = "on";
    public const string Off = "off";

    public static readonly IReadOnlyList<string> Fields =
    [
        RegistrationField,
        DefaultLanguageField,
        IdentifiersField,
        DefaultRegionField,
        UsernamesField,
        SignInModesField,
        AutomaticField,
        SignInPageField,
        SecondFactorField,
        SecondFactorsField,
        SecondFactorRolesField,
        SecondFactorGraceField,
        EmailChangeField,
    ];

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.settings",
        Group = ConsoleGroup.System,
        Permission = TenantsArea.ReadTenants,
        InWholeTenant = true,
        Order = 12,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Path,
                (SettingsPages pages, HttpContext http) => pages.ShowAsync(http, Of(http.TakeDraft(Path, Fields.Count)), error: null)
            )
            .RequirePermission(TenantsArea.ReadTenants);
        pages
            .MapPost(Path, (SettingsPages pages, HttpContext http) => pages.SaveAsync(http))
            .RequirePermission(SettingsArea.WriteSettings)
            .FormOfItself(Fields)
            .RequireFresh();
    }

    private static UpdateTenantSettings.Request Of(IReadOnlyList<string?>? fields) =>
        new()
        {
            Registration = fields?[0],
            DefaultLanguage = fields?[1],
            Identifiers = fields?[2]?.Split(','),
            DefaultRegion = fields?[3],
            Usernames = fields?[4],
            SignInModes = fields?[5]?.Split(','),
            AutomaticRegistration = fields?[6] is { } chosen ? chosen == On : null,
            SignInPage = fields?[7],
            SecondFactor = fields?[8],
            SecondFactors = fields?[9]?.Split(','),
            SecondFactorRoles = fields?[10]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            // What is no number is out of range, too.
            SecondFactorGraceDays = fields?[11] is { } days
                ? (int.TryParse(days, CultureInfo.InvariantCulture, out var number) ? number : -1)
                : null,
            EmailChange = fields?[12],
        };

    private async Task<IResult> SaveAsync(HttpContext http)
    {
        var actor = http.Actor();
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = Of([.. Fields.Select(field => form.TryGetValue(field, out var sent) ? sent.ToString() : null)]);
        var version = form["version"].ToString();
        var expected = version.Length == 0 ? StringValues.Empty : new StringValues(EntityTags.Quoted(version));
        var outcome = await update.HandleAsync(actor.Tenant.Id, Input.Of(typed), expected, actor, http.RequestAborted);
        return outcome.Error is { } error
            ? await ShowAsync(http, typed, error)
            : http.Tell(texts.Text("page.console.settings.saved", http.Language()), Path);
    }

    private async Task<IResult> ShowAsync(HttpContext http, UpdateTenantSettings.Request typed, Error? error)
    {
        var actor = http.Actor();
        var found = await settings.HandleAsync(actor.Tenant.Id, actor, http.RequestAborted);
        return found.ToResult(stored =>
            http.Page<SettingsPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(SettingsPage.Settings)] = new SettingsView
                    {
                        Registration = typed.Registration ?? stored.View.Registration,
                        DefaultLanguage = typed.DefaultLanguage ?? stored.View.DefaultLanguage,
                        Identifiers = typed.Identifiers ?? stored.View.Identifiers,
                        DefaultRegion = typed.DefaultRegion ?? stored.View.DefaultRegion,
                        Usernames = typed.Usernames ?? stored.View.Usernames,
                        SignInModes = typed.SignInModes ?? stored.View.SignInModes,
                        AutomaticRegistration = typed.AutomaticRegistration ?? stored.View.AutomaticRegistration,
                        SignInPage = typed.SignInPage ?? stored.View.SignInPage,
                        SecondFactor = typed.SecondFactor ?? stored.View.SecondFactor,
                        SecondFactors = typed.SecondFactors ?? stored.View.SecondFactors,
                        SecondFactorRoles = typed.SecondFactorRoles ?? stored.View.SecondFactorRoles,
                        SecondFactorGraceDays = typed.SecondFactorGraceDays ?? stored.View.SecondFactorGraceDays,
                        EmailChange = typed.EmailChange ?? stored.View.EmailChange,
                    },
                    [nameof(SettingsPage.Version)] = stored.Version,
                    [nameof(SettingsPage.Error)] = error,
                },
                error
            )
        );
    }
}
