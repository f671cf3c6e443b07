namespace Gatehouse.Contracts.Tenants;

/// <summary>A separately administered population of users.</summary>
/// <param name="Id">Leads every key of the tenant's data.</param>
/// <param name="Name">Short name in the header <c>Gatehouse-Tenant</c>: lower-case letters, digits and hyphens.</param>
/// <param name="DisplayName">The name users read in mails and pages.</param>
public sealed record Tenant(Guid Id, string Name, string DisplayName)
{
    /// <summary>The host name in links of mails: a verified domain of the tenant. Null: the one of <c>Http:PublicUrl</c>.</summary>
    public string? LinkDomain { get; init; }

    /// <summary>The terms that its users accept; null for none.</summary>
    public TenantTerms? Terms { get; init; }

    /// <summary>What its administrators decide.</summary>
    public TenantSettings Settings { get; init; } = TenantSettings.Default;
}

/// <summary>Terms of service.</summary>
/// <param name="Version">What users accept. They are asked again for another one.</param>
/// <param name="Links">Where the terms can be read, by language: one at least.</param>
public sealed record TenantTerms(string Version, IReadOnlyDictionary<string, string> Links)
{
    /// <summary>Where they can be read in that language, or else in the first one.</summary>
    public string LinkIn(string language) => Links.TryGetValue(language, out var link) ? link : Links.Values.First();
}

/// <summary>What the administrators of a tenant decide for it.</summary>
public sealed record TenantSettings
{
    /// <summary>Of a tenant that changed nothing.</summary>
    public static TenantSettings Default { get; } = new();

    /// <summary>Whether anybody may start a registration. Administrators and operators create users either way.</summary>
    public bool RegistrationIsOpen { get; init; } = true;

    /// <summary>Whether a registration may begin with an e-mail address.</summary>
    public bool RegistersByEmail { get; init; } = true;

    /// <summary>Whether a registration may begin with a phone number.</summary>
    public bool RegistersByPhone { get; init; } = true;

    /// <summary>The country that forms propose for phone numbers, as ISO 3166 code; null for none.</summary>
    public string? DefaultRegion { get; init; }

    /// <summary>Whether a user who chose no username gets one.</summary>
    public bool GeneratesUsernames { get; init; }

    /// <summary>Whether a password signs users in.</summary>
    public bool SignsInByPassword { get; init; } = true;

    /// <summary>Whether a code or link sent to a user's address or number signs in.</summary>
    public bool SignsInByCode { get; init; } = true;

    /// <summary>Whether somebody without an account who proves an address or number by such a code gets one, where registration is
    /// open.</summary>
    public bool RegistersAutomatically { get; init; }

    /// <summary>Whether the page to sign in asks for the identifier alone, and for the rest on a second page.</summary>
    public bool AsksIdentifierFirst { get; init; }

    /// <summary>Whether sign-in asks for a second factor.</summary>
    public SecondFactorPolicy SecondFactor { get; init; } = SecondFactorPolicy.Optional;

    /// <summary>Names of roles whose holders must have one, where it is optional for others.</summary>
    public IReadOnlyList<string> SecondFactorRoles { get; init; } = [];

    /// <summary>For how many days, from the first sign-in that asks for it on, a user may do without a required one.</summary>
    public int SecondFactorGraceDays { get; init; } = 7;

    /// <summary>What counts as a second factor, the one that is offered first at the front: <c>passkey</c>, <c>totp</c>, <c>sms</c>,
    /// <c>email</c>.</summary>
    public IReadOnlyList<string> SecondFactors { get; init; } = ["passkey", "totp", "sms"];

    /// <summary>Days before a user may change the e-mail address again; 0 for always, null for once ever.</summary>
    public int? DaysBetweenEmailChanges { get; init; } = 30;

    /// <summary>The language of requests that name none that is known.</summary>
    public string DefaultLanguage { get; init; } = "en";
}

/// <summary>Whether a tenant's users have second factors.</summary>
public enum SecondFactorPolicy
{
    /// <summary>Nothing asks for one, not even of users who have one.</summary>
    Off,

    /// <summary>Who has one is asked for it.</summary>
    Optional,

    /// <summary>Everybody must have one.</summary>
    Required,
}

/// <summary>Answers which tenant a request belongs to.</summary>
public interface ITenantDirectory
{
    /// <summary>The tenant of that name, or null.</summary>
    ValueTask<Tenant?> FindByNameAsync(string name, CancellationToken cancellationToken);

    /// <summary>The tenant that has verified this host name as its own, in any spelling, or null.</summary>
    ValueTask<Tenant?> FindByHostAsync(string host, CancellationToken cancellationToken);

    /// <summary>
    /// The tenant of requests to a host name that no served tenant has verified and that name no tenant: the only one of the installation,
    /// or, where there are several, the first one at the host of <c>Http:PublicUrl</c>. Null elsewhere.
    /// </summary>
    ValueTask<Tenant?> FindDefaultAsync(string host, CancellationToken cancellationToken);

    /// <summary>The one tenant of an installation that has only one; null where there are several.</summary>
    ValueTask<Tenant?> FindOnlyAsync(CancellationToken cancellationToken);

    /// <summary>The tenant with that id, or null.</summary>
    ValueTask<Tenant?> FindAsync(Guid id, CancellationToken cancellationToken);
}
