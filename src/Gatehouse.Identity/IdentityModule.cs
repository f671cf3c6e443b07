using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Recovery;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Runtime.Http;
using Gatehouse.Runtime.Jobs;
using Gatehouse.Runtime.Modules;
using Gatehouse.Runtime.Settings;
using Gatehouse.Runtime.Startup;
using Gatehouse.Runtime.Telemetry;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity;

/// <summary>People and how they prove who they are.</summary>
public sealed class IdentityModule : IModule
{
    public string Name => "identity";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RegistrationOptions>(configuration, "Registration");
        services.AddSettings<PasswordOptions>(configuration, "Passwords");
        services.AddSettings<PasswordHashingOptions>(configuration, "PasswordHashing");
        services.AddMigrations(Name, typeof(IdentityModule).Assembly);
        services.AddTexts(typeof(IdentityModule).Assembly);
        services.AddRequests(IdentityJson.Default);
        services.AddMeter(IdentityMetrics.MeterName).AddSingleton<IdentityMetrics>();
        services.AddSingleton<PasswordRules>();
        services.AddSingleton<NoBreachCheck>();
        services.AddSingleton<RangeService>();
        services.AddSingleton<IBreachedPasswords>(provider => provider.GetRequiredService<PasswordOptions>().BreachCheck == BreachCheck.Range
            ? provider.GetRequiredService<RangeService>() : provider.GetRequiredService<NoBreachCheck>());
        services.AddSingleton<NewPasswords>();
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<HashingGate>();
        services.AddSingleton<RegistrationMessage>();
        services.AddSingleton<NewUser>();

        services.AddSingleton<RegisterUser.Handler>();
        services.AddSingleton<ConfirmByCode.Handler>();
        services.AddSingleton<ConfirmByLink.Handler>();
        services.AddSingleton<ResendCode.Handler>();
        services.AddSingleton<CheckUsername.Handler>();
        services.AddSingleton<CreateUser.Handler>();

        services.AddSettings<TokenOptions>(configuration, "Tokens");
        services.AddSettings<ThrottleOptions>(configuration, "SignIn");
        services.AddSingleton<SigningKeys>().AddBeforeReady<SigningKeys>().AddHostedService(provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<Revocations>().AddBeforeReady<Revocations>().AddHostedService(provider => provider.GetRequiredService<Revocations>());
        services.AddSingleton<AccessTokens>().AddSingleton<IAccessTokenCheck>(provider => provider.GetRequiredService<AccessTokens>());
        services.AddSingleton<RotateKeys>();
        services.AddSingleton<UserSessions>();
        services.AddSingleton<Throttle>();
        services.AddSingleton<RevokedNotice>();
        services.AddSingleton<SignInWithPassword.Handler>();
        services.AddSingleton<TokenTransport>();
        services.AddSingleton<RefreshSession.Handler>().AddSingleton<ISessionRenewal>(provider => provider.GetRequiredService<RefreshSession.Handler>());
        services.AddSingleton<ListSessions.Handler>();
        services.AddSingleton<EndSessions.Handler>();
        services.AddSingleton<GetMe.Handler>();
        services.AddSingleton<UpdateMe.Handler>();

        services.AddSettings<ResetOptions>(configuration, "PasswordReset");
        services.AddJob<SendResetMessage>();
        services.AddSingleton<RequestPasswordReset.Handler>();
        services.AddSingleton<ResendPasswordReset.Handler>();
        services.AddSingleton<CompletePasswordReset.Handler>();

        services.AddRecurring<KeepSigningKeys>("identity.keep-signing-keys", TimeSpan.FromHours(1));
        services.AddRecurring<PurgeSessions>("identity.purge-sessions", TimeSpan.FromMinutes(10));
        services.AddRecurring<PurgeRegistrations>("identity.purge-registrations", TimeSpan.FromMinutes(5));
        services.AddRecurring<PurgePasswordResets>("identity.purge-password-resets", TimeSpan.FromMinutes(5));
        services.AddRecurring<SettlePersonKeys>("identity.settle-person-keys", TimeSpan.FromMinutes(10));
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        // A machine without libsodium says so now, not at the first registration.
        routes.ServiceProvider.GetRequiredService<PasswordHasher>();

        PublishKeys.Map(routes);
        var sessions = routes.MapV1("Sessions");
        SignInWithPassword.Map(sessions);
        RefreshSession.Map(sessions);
        ListSessions.Map(sessions);
        EndSessions.Map(sessions);
        var account = routes.MapV1("Account");
        GetMe.Map(account);
        UpdateMe.Map(account);

        var recovery = routes.MapV1("Recovery");
        RequestPasswordReset.Map(recovery);
        ResendPasswordReset.Map(recovery);
        CompletePasswordReset.Map(recovery);
        ResetPasswordPage.Map(routes);

        var v1 = routes.MapV1("Registration");
        RegisterUser.Map(v1);
        ConfirmByCode.Map(v1);
        ConfirmByLink.Map(v1);
        ResendCode.Map(v1);
        CheckUsername.Map(v1);
        ConfirmByLinkPage.Map(routes);
    }
}
