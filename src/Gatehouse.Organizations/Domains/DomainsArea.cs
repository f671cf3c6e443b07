using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Organizations.Domains;

/// <summary>Host names of tenants: requests to a verified one are the tenant's.</summary>
internal sealed class DomainsArea : IArea
{
    public static readonly Permission WriteDomains = new()
    {
        Name = "domains:write",
        Level = AccessLevel.Tenant,
        Description = "Add, verify and remove domains of the tenant.",
    };

    public static readonly RateLimitPolicy VerifyLimit = RateLimitPolicy.Of<DomainsLimits>("verify-domain", limits => limits.VerifyDomain);

    public IReadOnlyList<Permission> Permissions { get; } = [WriteDomains];

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<AddDomain.Handler>("Domains", AddDomain.Map),
        Slice.Operation<ListDomains.Handler>("Domains", ListDomains.Map),
        Slice.Operation<GetDomain.Handler>("Domains", GetDomain.Map),
        Slice.Operation<VerifyDomain.Handler>("Domains", VerifyDomain.Map),
        Slice.Operation<RemoveDomain.Handler>("Domains", RemoveDomain.Map),
        Slice.Routes<DomainsPages>(DomainsPages.Map),
        Slice.Routes<DomainPages>(DomainPages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddUndistributedTables(new() { Reference = ["organizations.verified_domains"] });
        services.AddSettings<DomainOptions>(configuration, "Domains");
        services.AddRateLimits<DomainsLimits>(configuration);
        services.AddRequests(DomainsJson.Default);
        services.AddSingleton<DomainCheck>();
        services.AddConsoleEntry(DomainsPages.Entry);
    }
}

/// <summary>How often one client address may have a domain verified.</summary>
internal sealed class DomainsLimits
{
    /// <summary>Verifying a domain: each asks a name server and a web server.</summary>
    public RateLimitRule VerifyDomain { get; set; } = new() { Permits = 30, Window = TimeSpan.FromMinutes(10) };
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class DomainsErrors
{
    /// <summary>The tenant has not added it. Said of domains of other tenants alike.</summary>
    public static readonly Error NotFound = new("organizations.domain-not-found", ErrorKind.NotFound);

    public static readonly Error TooMany = new("organizations.too-many-domains", ErrorKind.Conflict);

    /// <summary>Neither the TXT record nor the file was there.</summary>
    public static readonly Error NotVerified = new("organizations.domain-not-verified", ErrorKind.Refused);

    /// <summary>Said only to who has proved control: it is another tenant's.</summary>
    public static readonly Error VerifiedElsewhere = new("organizations.domain-verified-elsewhere", ErrorKind.Conflict);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AddDomain.Request), TypeInfoPropertyName = "AddDomainRequest")]
[JsonSerializable(typeof(Page<DomainView>), TypeInfoPropertyName = "DomainPage")]
internal sealed partial class DomainsJson : JsonSerializerContext;
