using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Organizations.Placement;

/// <summary>In which organization new users are placed: by registration code, else by the domain of their e-mail address.</summary>
internal sealed class PlacementArea : IArea
{
    public static readonly Permission WriteEmailDomains = new()
    {
        Name = "email-domains:write",
        // Nobody proves a domain to us, so an organization's administrator could claim one that is used by everybody.
        Level = AccessLevel.Tenant,
        Description = "Say from which e-mail domains new users are placed in which organization.",
    };

    public IReadOnlyList<Permission> Permissions { get; } = [WriteEmailDomains];

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<ListEmailDomains.Handler>("Placement", ListEmailDomains.Map),
        Slice.Operation<AddEmailDomain.Handler>("Placement", AddEmailDomain.Map),
        Slice.Operation<RemoveEmailDomain.Handler>("Placement", RemoveEmailDomain.Map),
        Slice.Operation<ListRegistrationCodes.Handler>("Placement", ListRegistrationCodes.Map),
        Slice.Operation<AddRegistrationCode.Handler>("Placement", AddRegistrationCode.Map),
        Slice.Operation<RemoveRegistrationCode.Handler>("Placement", RemoveRegistrationCode.Map),
        Slice.Routes<PlacementPages>(PlacementPages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRequests(PlacementJson.Default);
        services.AddConsoleSection(PlacementPages.Domains).AddConsoleSection(PlacementPages.Codes);
        services.AddSingleton<IRegistrationPlacement, RegistrationPlacement>();
        services.AddSubscriber<OnUserRegistered, UserRegisteredV1>(OnUserRegistered.Name, DeadLetters.SuccessorsPass);
    }
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class PlacementErrors
{
    /// <summary>Another organization of the tenant has the domain.</summary>
    public static readonly Error DomainTaken = new("organizations.domain-taken", ErrorKind.Conflict);

    /// <summary>Another organization of the tenant has the code.</summary>
    public static readonly Error RegistrationCodeTaken = new("organizations.registration-code-taken", ErrorKind.Conflict);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AddEmailDomain.Request), TypeInfoPropertyName = "AddEmailDomainRequest")]
[JsonSerializable(typeof(AddRegistrationCode.Request), TypeInfoPropertyName = "AddRegistrationCodeRequest")]
[JsonSerializable(typeof(EmailDomainView))]
[JsonSerializable(typeof(RegistrationCodeView))]
[JsonSerializable(typeof(Page<EmailDomainView>), TypeInfoPropertyName = "EmailDomainPage")]
[JsonSerializable(typeof(Page<RegistrationCodeView>), TypeInfoPropertyName = "RegistrationCodePage")]
internal sealed partial class PlacementJson : JsonSerializerContext;
