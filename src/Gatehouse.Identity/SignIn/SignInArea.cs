using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Results;
using Gatehouse.Core.Telemetry;
using Gatehouse.Identity.Telemetry;
using Gatehouse.Messaging;
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
        Slice.Operation<Reauthenticate.Handler>("Account", Reauthenticate.Map),
        Slice.Routes(SignInPage.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ThrottleOptions>(configuration, "SignIn");
        services.AddRateLimits<SignInLimits>(configuration);
        services.AddRequests(SignInJson.Default);
        services.AddMeter(IdentityMeter.Name).AddSingleton<SignInMetrics>();
        services.AddSingleton<Throttle>().AddSingleton<CompleteSignIn>();
        services.AddSingleton<FailedAttemptCounts>();
        services.AddJob<TellOfNewDevice>();
        services.AddSingleton<HomeTenants>();
        services.AddSingleton<FreshAuthentication>();
        services.AddSingleton<IFreshAuthentication>(provider => provider.GetRequiredService<FreshAuthentication>());
        services.AddRecurring<PurgeSignInFailures>("identity.purge-sign-in-failures", TimeSpan.FromMinutes(10));
    }
}

/// <summary>How often one client address may try to sign in.</summary>
internal sealed class SignInLimits
{
    /// <summary>Sign-in.</summary>
    public RateLimitRule SignIn { get; set; } = new() { Permits = 30, Window = TimeSpan.FromMinutes(5) };
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class SignInErrors
{
    /// <summary>Said of a wrong password, an unknown identifier and an account without a password alike.</summary>
    public static readonly Error InvalidCredentials = new("identity.invalid-credentials", ErrorKind.Unauthenticated);

    /// <summary>The tenant signs nobody in that way. Nothing of the request was looked at.</summary>
    public static readonly Error ModeOff = new("identity.sign-in-mode-off", ErrorKind.Forbidden);

    public static readonly Error SignInThrottled = new("identity.sign-in-throttled", ErrorKind.TooManyRequests);

    /// <summary>What reaches far asks who is signed in to prove it again first.</summary>
    public static readonly Error ReauthenticationRequired = new("identity.reauthentication-required", ErrorKind.Forbidden);

    /// <summary>Too many failures in a row: passwords are not tried any more from devices that are not known.</summary>
    public static readonly Error SignInLocked = new("identity.sign-in-locked", ErrorKind.Forbidden);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SignInWithPassword.Request), TypeInfoPropertyName = "SignInWithPasswordRequest")]
[JsonSerializable(typeof(Reauthenticate.Request), TypeInfoPropertyName = "ReauthenticateRequest")]
internal sealed partial class SignInJson : JsonSerializerContext;
