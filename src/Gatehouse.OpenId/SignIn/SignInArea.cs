using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Messaging;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Gatehouse.Web.Exports;
using Gatehouse.Web.Modules;
using Gatehouse.Web.Pages;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.OpenId.SignIn;

/// <summary>Signing users in to applications: where a request stands, what the user is asked, and who is told when the user signs
/// out.</summary>
internal sealed class SignInArea : IArea
{
    public static readonly RateLimitPolicy PageLimit = RateLimitPolicy.Of<SignInLimits>("authorize", limits => limits.Authorize);

    public static readonly RateLimitPolicy PushLimit = RateLimitPolicy.Of<SignInLimits>("pushed-requests", limits => limits.PushedRequests);

    public static readonly RateLimitPolicy DeviceLimit = RateLimitPolicy.Of<SignInLimits>("device-codes", limits => limits.DeviceCodes);

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<ListApplications.Handler>("Account", ListApplications.Map),
        Slice.Operation<RemoveApplication.Handler>("Account", RemoveApplication.Map),
        Slice.Routes<ContinuePages>(ContinuePages.Map),
        Slice.Routes<DevicePages>(DevicePages.Map),
        Slice.Routes(EndSessionPages.Map),
        Slice.Routes(ApplicationsPages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRateLimits<SignInLimits>(configuration);
        services.AddSettings<SignInOptions>(configuration, "OpenId");
        services.AddSingleton<Issuers>().AddSingleton<AuthorizationFlow>().AddSingleton<AuthorizationEntry>();
        services.AddSingleton<ISignInOccasion, SignInOccasions>();
        services.AddStoredValue<Hash<PendingRequest>, byte[]>().AddStoredValue<Hash<BrowserSecret>, byte[]>();
        services.AddStoredValue<Hash<UserGrant>, byte[]>().AddStoredValue<Hash<DeviceCode>, byte[]>();
        services.AddSubscriber<OnUserErased, UserErasedV1>(OnUserErased.Name, DeadLetters.SuccessorsPass);
        services.AddSubscriber<OnSessionRevoked, SessionRevokedV1>(OnSessionRevoked.Name, DeadLetters.SuccessorsPass);
        services.AddAccountSection(ApplicationsPages.Path, "page.applications", 5);
        services.AddRequests(SignInAreaJson.Default);
        services.AddExport(SignInExports.Consents).AddExport(SignInExports.SignIns);
        services.AddJob<SendLogoutToken>();
        services.AddRecurring<PurgeGrants>("openid.purge-grants", TimeSpan.FromMinutes(10));
    }
}

/// <summary>How often browsers, and applications for them, may come here from one client address.</summary>
internal sealed class SignInLimits
{
    /// <summary>Authorization requests and sign-outs.</summary>
    public RateLimitRule Authorize { get; set; } = new() { Permits = 300, Window = TimeSpan.FromMinutes(1) };

    /// <summary>Authorization requests that applications push, each of which is kept for minutes. An application pushes those of all its
    /// users from one address.</summary>
    public RateLimitRule PushedRequests { get; set; } = new() { Permits = 1000, Window = TimeSpan.FromMinutes(1) };

    /// <summary>Codes of devices that are typed, from one client address and by one user, two for each sign-in. Few: a code is
    /// short.</summary>
    public RateLimitRule DeviceCodes { get; set; } = new() { Permits = 20, Window = TimeSpan.FromMinutes(10) };
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class SignInErrors
{
    /// <summary>None that has access to the account. Said of foreign and made-up ids alike.</summary>
    public static readonly Error ApplicationNotFound = new("openid.application-not-found", ErrorKind.NotFound);

    /// <summary>No device waits with this code. Said of used, expired and made-up ones alike.</summary>
    public static readonly Error DeviceCodeUnknown = new("openid.device-code-unknown", ErrorKind.Invalid);
}

/// <summary>The JSON form of this area's responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ListApplications.Response), TypeInfoPropertyName = "ListApplicationsResponse")]
internal sealed partial class SignInAreaJson : JsonSerializerContext;
