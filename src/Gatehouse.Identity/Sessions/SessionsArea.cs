using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Results;
using Gatehouse.Core.Telemetry;
using Gatehouse.Identity.Telemetry;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sessions;

/// <summary>Sessions: refreshing, listing and ending them.</summary>
internal sealed class SessionsArea : IArea
{
    public static readonly RateLimitPolicy RefreshLimit = RateLimitPolicy.Of<SessionsLimits>("refresh", limits => limits.Refresh);

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<RefreshSession.Handler>("Sessions", RefreshSession.Map),
        Slice.Operation<ListSessions.Handler>("Sessions", ListSessions.Map),
        Slice.Operation<EndSessions.Handler>("Sessions", EndSessions.Map),
        Slice.Operation<SwitchOrganization.Handler>("Account", SwitchOrganization.Map),
        Slice.Routes(SignOutPage.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRateLimits<SessionsLimits>(configuration);
        services.AddRequests(SessionsJson.Default);
        services.AddMeter(IdentityMeter.Name).AddSingleton<SessionMetrics>();
        services.AddSingleton<UserSessions>();
        services.AddSingleton<IAccessTokens, TokensOfClients>();
        services.AddSingleton<IApplicationSessions, ApplicationSessions>();
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<SessionRotation>();
        services.AddSingleton<RevokedNotice>();
        services.AddSingleton<ISessionRenewal>(provider => provider.GetRequiredService<RefreshSession.Handler>());
        services.AddRecurring<PurgeSessions>("identity.purge-sessions", TimeSpan.FromMinutes(10));
    }
}

/// <summary>How often one client address may refresh tokens.</summary>
internal sealed class SessionsLimits
{
    /// <summary>Refreshing tokens.</summary>
    public RateLimitRule Refresh { get; set; } = new() { Permits = 60, Window = TimeSpan.FromMinutes(1) };
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class SessionsErrors
{
    /// <summary>Whatever is wrong with a refresh token: sign in again.</summary>
    public static readonly Error InvalidRefreshToken = new("identity.invalid-refresh-token", ErrorKind.Unauthenticated);

    public static readonly Error SessionNotFound = new("identity.session-not-found", ErrorKind.NotFound);

    /// <summary>None that the user is a member of. Said of foreign and made-up ids alike.</summary>
    public static readonly Error OrganizationNotFound = new("identity.organization-not-found", ErrorKind.NotFound);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RefreshSession.Request), TypeInfoPropertyName = "RefreshSessionRequest")]
[JsonSerializable(typeof(SwitchOrganization.Request), TypeInfoPropertyName = "SwitchOrganizationRequest")]
[JsonSerializable(typeof(Page<ListSessions.Item>), TypeInfoPropertyName = "ListSessionsPage")]
internal sealed partial class SessionsJson : JsonSerializerContext;
