using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Telemetry;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Accounts;

/// <summary>Registration and the user's own account.</summary>
internal sealed class AccountsArea : IArea
{
    public static readonly RateLimitPolicy RegisterLimit = RateLimitPolicy.Of<AccountsLimits>("register", limits => limits.Register);

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<RegisterUser.Handler>("Registration", RegisterUser.Map),
        Slice.Operation<ConfirmByCode.Handler>("Registration", ConfirmByCode.Map),
        Slice.Operation<ConfirmByLink.Handler>("Registration", ConfirmByLink.Map),
        Slice.Routes(HomePage.Map),
        Slice.Routes(SignUpPage.Map),
        Slice.Routes(EnterCodePage.Map),
        Slice.Routes(ConfirmByLinkPage.Map),
        Slice.Operation<ResendCode.Handler>("Registration", ResendCode.Map),
        Slice.Operation<CheckUsername.Handler>("Registration", CheckUsername.Map),
        Slice.Operation<GetMe.Handler>("Account", GetMe.Map),
        Slice.Operation<UpdateMe.Handler>("Account", UpdateMe.Map),
        Slice.Routes(AccountPages.Map),
        Slice.Command<CreateUser.Handler>(),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RegistrationOptions>(configuration, "Registration");
        services.AddRateLimits<AccountsLimits>(configuration);
        services.AddRequests(AccountsJson.Default);
        services.AddMeter(IdentityModule.MeterName).AddSingleton<RegistrationMetrics>();
        services.AddSingleton<RegistrationMessage>();
        services.AddSingleton<NewUser>();
        services.AddRecurring<PurgeRegistrations>("identity.purge-registrations", TimeSpan.FromMinutes(5));
        services.AddRecurring<ReconcileUserKeys>("identity.settle-person-keys", TimeSpan.FromMinutes(10));
    }
}

/// <summary>How often one client address may start a registration.</summary>
internal sealed class AccountsLimits
{
    /// <summary>Starting a registration.</summary>
    public RateLimitRule Register { get; set; } = new() { Permits = 10, Window = TimeSpan.FromHours(1) };
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RegisterUser.Request), TypeInfoPropertyName = "RegisterUserRequest")]
[JsonSerializable(typeof(RegisterUser.Response), TypeInfoPropertyName = "RegisterUserResponse")]
[JsonSerializable(typeof(ConfirmByCode.Request), TypeInfoPropertyName = "ConfirmByCodeRequest")]
[JsonSerializable(typeof(ConfirmByCode.Response), TypeInfoPropertyName = "ConfirmByCodeResponse")]
[JsonSerializable(typeof(ConfirmByLink.Request), TypeInfoPropertyName = "ConfirmByLinkRequest")]
[JsonSerializable(typeof(ConfirmByLink.Response), TypeInfoPropertyName = "ConfirmByLinkResponse")]
[JsonSerializable(typeof(ResendCode.Response), TypeInfoPropertyName = "ResendCodeResponse")]
[JsonSerializable(typeof(CheckUsername.Response), TypeInfoPropertyName = "CheckUsernameResponse")]
[JsonSerializable(typeof(UpdateMe.Request), TypeInfoPropertyName = "UpdateMeRequest")]
[JsonSerializable(typeof(UserView))]
internal sealed partial class AccountsJson : JsonSerializerContext;
