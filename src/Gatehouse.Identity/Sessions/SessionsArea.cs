using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Telemetry;
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
        Slice.Routes(SignOutPage.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRateLimits<SessionsLimits>(configuration);
        services.AddRequests(SessionsJson.Default);
        services.AddMeter(IdentityModule.MeterName).AddSingleton<SessionMetrics>();
        services.AddSingleton<Revocations>().AddStartupTask<Revocations>().AddHealthDetail<Revocations>();
        services.AddHostedService(provider => provider.GetRequiredService<Revocations>());
        services.AddSingleton<UserSessions>();
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

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RefreshSession.Request), TypeInfoPropertyName = "RefreshSessionRequest")]
[JsonSerializable(typeof(RefreshSession.Response), TypeInfoPropertyName = "RefreshSessionResponse")]
[JsonSerializable(typeof(Page<ListSessions.Item>), TypeInfoPropertyName = "ListSessionsPage")]
internal sealed partial class SessionsJson : JsonSerializerContext;
