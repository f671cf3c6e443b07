using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.OpenId.Clients;
using Gatehouse.Organizations.Access;

namespace Gatehouse.Server.Seeding;

/// <summary>What an installation should have at least (docs/seeding.md). What it has beside stays.</summary>
internal sealed record SeedFile
{
    public IReadOnlyList<RegisterPermission.Request>? Permissions { get; init; }

    public IReadOnlyList<SeedTenant>? Tenants { get; init; }
}

internal sealed record SeedTenant
{
    public string? Name { get; init; }

    /// <summary>Not of the first tenant, which has its names from the settings.</summary>
    public string? DisplayName { get; init; }

    public IReadOnlyList<SeedOrganization>? Organizations { get; init; }

    public IReadOnlyList<SeedRole>? Roles { get; init; }

    public IReadOnlyList<SeedUser>? Users { get; init; }

    public IReadOnlyList<SeedClient>? Clients { get; init; }
}

internal sealed record SeedOrganization
{
    public string? Code { get; init; }

    public string? Name { get; init; }

    /// <summary>Left out, it stays what it is.</summary>
    public string? Description { get; init; }

    public IReadOnlyList<string>? EmailDomains { get; init; }

    public IReadOnlyList<string>? RegistrationCodes { get; init; }

    /// <summary>Codes.</summary>
    public IReadOnlyList<string>? Related { get; init; }

    /// <summary>Roles of this organization alone.</summary>
    public IReadOnlyList<SeedRole>? Roles { get; init; }
}

internal sealed record SeedRole
{
    public string? Name { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>How users register for it. Only of a role of the whole tenant; left out, it stays what it is.</summary>
    public SetRoleRegistration.Request? Registration { get; init; }
}

internal sealed record SeedUser
{
    public string? Email { get; init; }

    /// <summary>Instead of the address, with + and the country code.</summary>
    public string? PhoneNumber { get; init; }

    public string? Name { get; init; }

    public string? Username { get; init; }

    public string? Language { get; init; }

    /// <summary>The environment variable that holds the password.</summary>
    public string? PasswordFrom { get; init; }

    /// <summary>Instead of the password, its hash from another system.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Whether a new user is sent a link or a code to choose a password.</summary>
    public bool? SendEmail { get; init; }

    /// <summary>Names of roles in the whole tenant.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    public IReadOnlyList<SeedMembership>? Memberships { get; init; }

    public override string ToString() => "[user]";
}

internal sealed record SeedClient
{
    /// <summary>By which it is found again.</summary>
    public string? Name { get; init; }

    /// <summary>Names of permissions.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Its code; left out for the whole tenant.</summary>
    public string? Organization { get; init; }

    /// <summary>Whether it may act in every tenant.</summary>
    public bool? Platform { get; init; }

    /// <summary>Days after which the secret of a new one expires.</summary>
    public int? SecretDays { get; init; }

    /// <summary>How it signs users in; left out for a service account.</summary>
    public SignInInput? SignIn { get; init; }

    /// <summary>Services for which it may get access tokens (RFC 8707); without them those that it has stay.</summary>
    public IReadOnlyList<string>? Resources { get; init; }
}

internal sealed record SeedMembership
{
    /// <summary>Its code.</summary>
    public string? Organization { get; init; }

    /// <summary>Names of roles there.</summary>
    public IReadOnlyList<string>? Roles { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SeedFile))]
[JsonSerializable(typeof(SetRoleRegistration.Request), TypeInfoPropertyName = "SetRoleRegistrationRequest")]
internal sealed partial class SeedJson : JsonSerializerContext;
