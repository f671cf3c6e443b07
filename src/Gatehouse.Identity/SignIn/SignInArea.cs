using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Telemetry;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.SignIn;

/// <summary>Sign-in with a password.</summary>
internal sealed class SignInArea : IArea
{
    public static readonly RateLimitPolicy SignInLimit = RateLimitPolicy.Of<SignInLimits>("sign-in", limits => limits.SignIn);

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<SignInWithPassword.Handler>("Sessions", SignInWithPassword.Map),
        Slice.Routes(SignInPage.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ThrottleOptions>(configuration, "SignIn");
        services.AddRateLimits<SignInLimits>(configuration);
        services.AddRequests(SignInJson.Default);
        services.AddMeter(IdentityModule.MeterName).AddSingleton<SignInMetrics>();
        services.AddSingleton<Throttle>();
    }
}

/// <summary>How often one client address may try to sign in.</summary>
internal sealed class SignInLimits
{
    /// <summary>Sign-in.</summary>
    public RateLimitRule SignIn { get; set; } = new() { Permits = 30, Window = TimeSpan.FromMinutes(5) };
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SignInWithPassword.Request), TypeInfoPropertyName = "SignInWithPasswordRequest")]
[JsonSerializable(typeof(SignInWithPassword.Response), TypeInfoPropertyName = "SignInWithPasswordResponse")]
internal sealed partial class SignInJson : JsonSerializerContext;
