using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Results;
using Gatehouse.Core.Telemetry;
using Gatehouse.Identity.Telemetry;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Recovery;

/// <summary>Password reset.</summary>
internal sealed class RecoveryArea : IArea
{
    public const string PasswordChangedTemplate = "password-changed";

    public static readonly RateLimitPolicy ResetLimit = RateLimitPolicy.Of<RecoveryLimits>("reset", limits => limits.Reset);

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<RequestPasswordReset.Handler>("Recovery", RequestPasswordReset.Map),
        Slice.Routes(ForgotPage.Map),
        Slice.Operation<ResendPasswordReset.Handler>("Recovery", ResendPasswordReset.Map),
        Slice.Operation<CompletePasswordReset.Handler>("Recovery", CompletePasswordReset.Map),
        Slice.Routes(ChangePasswordAddress.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ResetOptions>(configuration, "PasswordReset");
        services.AddRateLimits<RecoveryLimits>(configuration);
        services.AddRequests(RecoveryJson.Default);
        services.AddMeter(IdentityMeter.Name).AddSingleton<ResetMetrics>();
        services.AddVerification<ResetVerification, ResetPages>();
        services.AddSingleton<PasswordResets>();
        services.AddJob<SendResetMessage>();
    }
}

/// <summary>How often one client address may request a password reset.</summary>
internal sealed class RecoveryLimits
{
    /// <summary>Requesting a password reset.</summary>
    public RateLimitRule Reset { get; set; } = new() { Permits = 5, Window = TimeSpan.FromHours(1) };
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class RecoveryErrors
{
    /// <summary>No such request for a new password, or its time is over. Said of foreign and made-up ids alike.</summary>
    public static readonly Error ResetNotFound = new("identity.reset-not-found", ErrorKind.NotFound);

    /// <summary>Said only to who has the right code or link: it has set a password before.</summary>
    public static readonly Error ResetCompleted = new("identity.reset-completed", ErrorKind.Conflict);

    /// <summary>Said only to who has the right code or link: the password was changed in another way since.</summary>
    public static readonly Error ResetSuperseded = new("identity.reset-superseded", ErrorKind.Conflict);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RequestPasswordReset.Request), TypeInfoPropertyName = "RequestPasswordResetRequest")]
[JsonSerializable(typeof(RequestPasswordReset.Response), TypeInfoPropertyName = "RequestPasswordResetResponse")]
[JsonSerializable(typeof(ResendPasswordReset.Response), TypeInfoPropertyName = "ResendPasswordResetResponse")]
[JsonSerializable(typeof(CompletePasswordReset.Request), TypeInfoPropertyName = "CompletePasswordResetRequest")]
internal sealed partial class RecoveryJson : JsonSerializerContext;
