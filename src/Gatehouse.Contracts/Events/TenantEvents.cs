namespace Gatehouse.Contracts.Events;

/// <summary>A tenant was created.</summary>
public sealed record TenantCreatedV1 : IEvent
{
    public static string Type => "tenant.created.v1";

    public static string Topic => Topics.Tenants;

    /// <summary>The new tenant's id.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>Its name in the header <c>Gatehouse-Tenant</c>; permanent.</summary>
    public required string Name { get; init; }

    /// <summary>The name that users read.</summary>
    public required string DisplayName { get; init; }
}

/// <summary>A tenant's details were changed.</summary>
public sealed record TenantUpdatedV1 : IEvent
{
    public static string Type => "tenant.updated.v1";

    public static string Topic => Topics.Tenants;

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The name that users read now.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The name that they read before.</summary>
    public required string OldDisplayName { get; init; }
}

/// <summary>Settings of a tenant were changed.</summary>
public sealed record TenantSettingsChangedV1 : IEvent
{
    public static string Type => "tenant.settings-changed.v1";

    public static string Topic => Topics.Tenants;

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>Who may register now: <c>open</c> for anybody, <c>closed</c> for nobody.</summary>
    public required string Registration { get; init; }

    /// <summary>The language of requests that name none that is known: <c>en</c>, <c>hi</c> or <c>es</c>.</summary>
    public required string DefaultLanguage { get; init; }

    /// <summary>What users may register with: <c>email</c>, <c>phone</c> or both. Absent in older events.</summary>
    public IReadOnlyList<string>? Identifiers { get; init; }

    /// <summary>The country that forms propose for phone numbers, as ISO 3166 code; absent for none.</summary>
    public string? DefaultRegion { get; init; }

    /// <summary>Whether a user who chose no username gets one: <c>generated</c>, otherwise <c>chosen</c>. Absent in older events.</summary>
    public string? Usernames { get; init; }

    /// <summary>What signs users in: <c>password</c>, <c>code</c> or both. Absent in older events.</summary>
    public IReadOnlyList<string>? SignInModes { get; init; }

    /// <summary>Whether a sign-in code creates an account where there is none. Absent in older events.</summary>
    public bool? AutomaticRegistration { get; init; }

    /// <summary>What the page to sign in asks for at first: <c>combined</c> for identifier and password, <c>identifier-first</c> for the
    /// identifier. Absent in older events.</summary>
    public string? SignInPage { get; init; }

    /// <summary><c>off</c>, <c>optional</c> or <c>required</c>; null in events of earlier releases.</summary>
    public string? SecondFactor { get; init; }

    /// <summary>Names of roles whose holders must have a second factor, where it is optional for others.</summary>
    public IReadOnlyList<string>? SecondFactorRoles { get; init; }

    /// <summary>Days in which a user may do without a required second factor.</summary>
    public int? SecondFactorGraceDays { get; init; }

    /// <summary>What counts as one: <c>passkey</c>, <c>totp</c>, <c>sms</c>, <c>email</c>.</summary>
    public IReadOnlyList<string>? SecondFactors { get; init; }

    /// <summary>How often users may change their e-mail address: <c>always</c>, <c>once</c>, or again after so many days, such as
    /// <c>30</c>. Absent in older events.</summary>
    public string? EmailChange { get; init; }
}

/// <summary>The terms of service of a tenant were changed or withdrawn. Users are asked to accept another version.</summary>
public sealed record TenantTermsChangedV1 : IEvent
{
    public static string Type => "tenant.terms-changed.v1";

    public static string Topic => Topics.Tenants;

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The version that users accept now; absent if there are no terms any more.</summary>
    public string? Version { get; init; }

    /// <summary>Where they can be read, by language: <c>en</c>, <c>hi</c> or <c>es</c>.</summary>
    public required IReadOnlyDictionary<string, string> Links { get; init; }
}

/// <summary>A tenant was disabled: nobody of it can sign in, and its tokens are rejected.</summary>
public sealed record TenantDisabledV1 : IEvent
{
    public static string Type => "tenant.disabled.v1";

    public static string Topic => Topics.Tenants;

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }
}

/// <summary>A disabled tenant was enabled again.</summary>
public sealed record TenantEnabledV1 : IEvent
{
    public static string Type => "tenant.enabled.v1";

    public static string Topic => Topics.Tenants;

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }
}

/// <summary>A domain was verified: requests to it are the tenant's.</summary>
public sealed record TenantDomainVerifiedV1 : IEvent
{
    public static string Type => "tenant.domain-verified.v1";

    public static string Topic => Topics.Tenants;

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The host name: ASCII, lower case.</summary>
    public required string Domain { get; init; }
}

/// <summary>A verified domain was removed: requests to it are no longer the tenant's.</summary>
public sealed record TenantDomainRemovedV1 : IEvent
{
    public static string Type => "tenant.domain-removed.v1";

    public static string Topic => Topics.Tenants;

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The host name: ASCII, lower case.</summary>
    public required string Domain { get; init; }
}
