using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Results;
using Gatehouse.Core.Telemetry;
using Gatehouse.Identity.Telemetry;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.SignInCodes;

/// <summary>Sign-in without a password: by a code, or by the link of a mail.</summary>
internal sealed class SignInCodesArea : IArea
{
    public static readonly RateLimitPolicy RequestLimit = RateLimitPolicy.Of<SignInCodeLimits>("sign-in-code", limits => limits.SignInCode);

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<RequestSignInCode.Handler>("Sessions", RequestSignInCode.Map),
        Slice.Operation<SignInByCode.Handler>("Sessions", SignInByCode.Map),
        Slice.Operation<SignInByLink.Handler>("Sessions", SignInByLink.Map),
        Slice.Operation<ResendSignInCode.Handler>("Sessions", ResendSignInCode.Map),
        Slice.Routes(SendCodePage.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<SignInCodeOptions>(configuration, "SignInCodes");
        services.AddRateLimits<SignInCodeLimits>(configuration);
        services.AddRequests(SignInCodesJson.Default);
        services.AddMeter(IdentityMeter.Name).AddSingleton<SignInCodeMetrics>();
        services.AddVerification<SignInCodeVerification, SignInCodePages>();
        services.AddSingleton<ProvedSignIn>().AddSingleton<CodeLength>();
        services.AddRecurring<PurgeGuesses>("identity.purge-sign-in-code-guesses", TimeSpan.FromMinutes(10));
        services.AddJob<SendSignInCode>();
    }
}

/// <summary>How often one client address may request a sign-in code.</summary>
internal sealed class SignInCodeLimits
{
    /// <summary>Requesting a sign-in code.</summary>
    public RateLimitRule SignInCode { get; set; } = new() { Permits = 30, Window = TimeSpan.FromHours(1) };
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class SignInCodesErrors
{
    /// <summary>No such sign-in, its time is over, or its user may not sign in any more. Said of foreign and made-up ids alike.</summary>
    public static readonly Error NotFound = new("identity.sign-in-code-not-found", ErrorKind.NotFound);

    /// <summary>Codes of the tenant have more digits for now. Said whatever the code is worth, which was not looked at.</summary>
    public static readonly Error LongerCodeRequired = new("identity.longer-code-required", ErrorKind.Gone);

    /// <summary>Said only to who has the right code or link: it has signed in before.</summary>
    public static readonly Error Completed = new("identity.sign-in-code-completed", ErrorKind.Conflict);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RequestSignInCode.Request), TypeInfoPropertyName = "RequestSignInCodeRequest")]
[JsonSerializable(typeof(RequestSignInCode.Response), TypeInfoPropertyName = "RequestSignInCodeResponse")]
[JsonSerializable(typeof(SignInByCode.Request), TypeInfoPropertyName = "SignInByCodeRequest")]
[JsonSerializable(typeof(SignInByLink.Request), TypeInfoPropertyName = "SignInByLinkRequest")]
[JsonSerializable(typeof(ResendSignInCode.Response), TypeInfoPropertyName = "ResendSignInCodeResponse")]
internal sealed partial class SignInCodesJson : JsonSerializerContext;
