using System.ComponentModel;
using Gatehouse.Organizations.Tenants;

namespace Gatehouse.Organizations.Settings;

/// <summary>The settings of a tenant as administrators see them.</summary>
public sealed record SettingsView
{
    [Description("open: anybody may register; closed: nobody, and administrators create the users.")]
    public required string Registration { get; init; }

    [Description("Language of requests that name none that is known: en, hi or es.")]
    public required string DefaultLanguage { get; init; }

    [Description("What users may register with: email, phone or both.")]
    public required IReadOnlyList<string> Identifiers { get; init; }

    [Description("The country that forms propose for phone numbers, as ISO 3166 code such as GB; null for none.")]
    public string? DefaultRegion { get; init; }

    [Description("generated: who registers without a username gets one; chosen: has none.")]
    public required string Usernames { get; init; }

    [Description("What signs users in: password, code or both.")]
    public required IReadOnlyList<string> SignInModes { get; init; }

    [Description("Whether a sign-in code creates an account for an address or number that has none, while registration is open.")]
    public required bool AutomaticRegistration { get; init; }

    [Description("combined: the page to sign in asks for identifier and password at once; identifier-first: for the identifier alone.")]
    public required string SignInPage { get; init; }

    [Description("off: nothing asks for a second factor; optional: who has one is asked for it; required: everybody must have one.")]
    public required string SecondFactor { get; init; }

    [Description("Names of roles whose holders must have a second factor, where it is optional for others.")]
    public required IReadOnlyList<string> SecondFactorRoles { get; init; }

    [Description("Days, from the first sign-in that asks for it on, in which a user may do without a required second factor.")]
    public required int SecondFactorGraceDays { get; init; }

    [Description("What counts as a second factor, the one that is offered first at the front: passkey, totp, sms, email.")]
    public required IReadOnlyList<string> SecondFactors { get; init; }

    [Description("How often users may change their e-mail address: always, once, or again after so many days, such as 30.")]
    public required string EmailChange { get; init; }

    internal static VersionedSettings Of(TenantRow row) =>
        new(
            new SettingsView
            {
                Registration = row.Registration,
                DefaultLanguage = row.DefaultLanguage,
                Identifiers = row.Identifiers,
                DefaultRegion = row.DefaultRegion,
                Usernames = row.Usernames,
                SignInModes = row.SignInModes,
                AutomaticRegistration = row.AutomaticRegistration,
                SignInPage = row.SignInPage,
                SecondFactor = row.SecondFactor,
                SecondFactorRoles = row.SecondFactorRoles,
                SecondFactorGraceDays = row.SecondFactorGraceDays,
                SecondFactors = row.SecondFactors,
                EmailChange = row.EmailChange,
            },
            row.SettingsVersion
        );
}

/// <summary>The settings with how often they were changed.</summary>
internal sealed record VersionedSettings(SettingsView View, long Version);
