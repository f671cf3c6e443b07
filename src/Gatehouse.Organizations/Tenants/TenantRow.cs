using System.Text.Json;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Tenants;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Tenants;

/// <summary>A tenant as it is stored.</summary>
internal sealed record TenantRow
{
    public const string Active = "active";
    public const string Disabled = "disabled";

    public const string Open = "open";
    public const string Closed = "closed";

    public const string Email = "email";
    public const string Phone = "phone";

    public const string Chosen = "chosen";
    public const string Generated = "generated";

    public const string Password = "password";
    public const string Code = "code";

    public const string Combined = "combined";
    public const string IdentifierFirst = "identifier-first";

    public const string Off = "off";
    public const string Optional = "optional";
    public const string Required = "required";

    public const string Always = "always";
    public const string Once = "once";
    private const string UsualDays = "30";

    public const string Columns =
        "id, name, display_name, link_domain, state, registration, default_language, identifiers, default_region, usernames, "
        + "sign_in_modes, automatic_registration, sign_in_page, email_change, second_factor, second_factor_roles, "
        + "second_factor_grace_days, second_factors, terms_version, terms_links, settings_version, version, created_at, updated_at";

    /// <summary>The settings of a new tenant that is made like none.</summary>
    public static TenantRow WithoutModel { get; } =
        new()
        {
            Registration = Open,
            DefaultLanguage = Languages.Default,
            Identifiers = [Email, Phone],
            Usernames = Chosen,
            SignInModes = [Password, Code],
            SignInPage = Combined,
            SecondFactor = Optional,
            SecondFactorGraceDays = 7,
            SecondFactors = ["passkey", "totp", "sms"],
            EmailChange = UsualDays,
        };

    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public string? LinkDomain { get; init; }

    public string State { get; init; } = "";

    /// <summary><see cref="Open"/> or <see cref="Closed"/>.</summary>
    public string Registration { get; init; } = "";

    public string DefaultLanguage { get; init; } = "";

    /// <summary><see cref="Email"/> and <see cref="Phone"/>: what users may register with.</summary>
    public string[] Identifiers { get; init; } = [];

    public string? DefaultRegion { get; init; }

    /// <summary><see cref="Chosen"/> or <see cref="Generated"/>.</summary>
    public string Usernames { get; init; } = "";

    /// <summary><see cref="Password"/> and <see cref="Code"/>: what signs users in.</summary>
    public string[] SignInModes { get; init; } = [];

    /// <summary>Whether a sign-in code makes an account where there is none.</summary>
    public bool AutomaticRegistration { get; init; }

    /// <summary><see cref="Combined"/> or <see cref="IdentifierFirst"/>.</summary>
    public string SignInPage { get; init; } = "";

    /// <summary><see cref="Off"/>, <see cref="Optional"/> or <see cref="Required"/>.</summary>
    public string SecondFactor { get; init; } = "";

    /// <summary>Names of roles whose holders must have one.</summary>
    public string[] SecondFactorRoles { get; init; } = [];

    public int SecondFactorGraceDays { get; init; }

    /// <summary>What counts as one, in the order in which it is offered.</summary>
    public string[] SecondFactors { get; init; } = [];

    /// <summary>How often users may change their e-mail address: <see cref="Always"/>, <see cref="Once"/>, or again after so many
    /// days.</summary>
    public string EmailChange { get; init; } = "";

    /// <summary>Null where there are no terms.</summary>
    public string? TermsVersion { get; init; }

    /// <summary>A JSON object of addresses by language.</summary>
    public string? TermsLinks { get; init; }

    public TenantTerms? Terms =>
        TermsVersion is null
            ? null
            : new TenantTerms(TermsVersion, JsonSerializer.Deserialize(TermsLinks!, TenantsJson.Default.IReadOnlyDictionaryStringString)!);

    /// <summary>How often the settings were changed.</summary>
    public long SettingsVersion { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public static Task<TenantRow?> FindAsync(DbSession db, Guid id) =>
        db.FirstOrDefaultAsync<TenantRow>($"select {Columns} from organizations.tenants where id = @id", new { id });

    public static Task<IReadOnlyList<TenantRow>> ListAsync(DbSession db) =>
        db.ListAsync<TenantRow>($"select {Columns} from organizations.tenants");

    /// <summary>Not the first one, whose name is a setting.</summary>
    public static Task<TenantRow?> FindByNameAsync(DbSession db, string name) =>
        db.FirstOrDefaultAsync<TenantRow>(
            $"select {Columns} from organizations.tenants where name = @name and id <> @Id",
            new { name, DefaultTenant.Id }
        );

    public static Task<TenantRow?> LockAsync(Transaction tx, Guid id) =>
        tx.FirstOrDefaultAsync<TenantRow>($"select {Columns} from organizations.tenants where id = @id for update", new { id });
}
