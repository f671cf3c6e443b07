using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Telemetry;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Recovery;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
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
        services.AddMigrations(Name, typeof(IdentityModule).Assembly);
        services.AddTexts(typeof(IdentityModule).Assembly);
        services.AddRequests(IdentityJson.Default);
        services.AddMeter(IdentityMetrics.MeterName).AddSingleton<IdentityMetrics>();

        AddPasswords(services, configuration);
        AddAccounts(services, configuration);
        AddTokens(services, configuration);
        AddSessions(services, configuration);
        AddRecovery(services, configuration);
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        // A machine without libsodium says so now, not at the first registration.
        routes.ServiceProvider.GetRequiredService<PasswordHasher>();

        var registration = routes.MapV1("Registration");
        RegisterUser.Map(registration);
        ConfirmByCode.Map(registration);
        ConfirmByLink.Map(registration);
        HomePage.Map(routes);
        SignUpPage.Map(routes);
        EnterCodePage.Map(routes);
        ConfirmByLinkPage.Map(routes);
        ResendCode.Map(registration);
        CheckUsername.Map(registration);

        var account = routes.MapV1("Account");
        GetMe.Map(account);
        UpdateMe.Map(account);
        AccountPages.Map(routes);

        var sessions = routes.MapV1("Sessions");
        SignInWithPassword.Map(sessions);
        SignInPage.Map(routes);
        RefreshSession.Map(sessions);
        ListSessions.Map(sessions);
        EndSessions.Map(sessions);
        SignOutPage.Map(routes);
        PublishKeys.Map(routes);

        var recovery = routes.MapV1("Recovery");
        RequestPasswordReset.Map(recovery);
        ForgotPage.Map(routes);
        ResendPasswordReset.Map(recovery);
        CompletePasswordReset.Map(recovery);
        ResetByCodePage.Map(routes);
        ResetPasswordPage.Map(routes);
    }

    private static void AddPasswords(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<PasswordOptions>(configuration, "Passwords");
        services.AddSettings<PasswordHashingOptions>(configuration, "PasswordHashing");
        services.AddSingleton<HashingGate>();
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<PasswordCosts>().AddBeforeReady<PasswordCosts>();
        services.AddSingleton<PasswordRules>();
        services.AddSingleton<NewPasswords>();
        services.AddSingleton<NoBreachCheck>();
        services.AddSingleton<RangeService>();
        services.AddSingleton<IBreachedPasswords>(provider => provider.GetRequiredService<PasswordOptions>().BreachCheck == BreachCheck.Range
            ? provider.GetRequiredService<RangeService>() : provider.GetRequiredService<NoBreachCheck>());
    }

    private static void AddAccounts(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RegistrationOptions>(configuration, "Registration");
        services.AddSingleton<MessageSeal>();
        services.AddSingleton<RegistrationMessage>();
        services.AddSingleton<NewUser>();
        services.AddSingleton<RegisterUser.Handler>();
        services.AddSingleton<ConfirmByCode.Handler>();
        services.AddSingleton<ConfirmByLink.Handler>();
        services.AddSingleton<ResendCode.Handler>();
        services.AddSingleton<CheckUsername.Handler>();
        services.AddSingleton<CreateUser.Handler>();
        services.AddSingleton<GetMe.Handler>();
        services.AddSingleton<UpdateMe.Handler>();
        services.AddRecurring<PurgeRegistrations>("identity.purge-registrations", TimeSpan.FromMinutes(5));
        services.AddRecurring<SettlePersonKeys>("identity.settle-person-keys", TimeSpan.FromMinutes(10));
    }

    private static void AddTokens(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<TokenOptions>(configuration, "Tokens");
        services.AddSingleton<SigningKeys>().AddBeforeReady<SigningKeys>().AddHostedService(provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<AccessTokens>().AddSingleton<IAccessTokenCheck>(provider => provider.GetRequiredService<AccessTokens>());
        services.AddSingleton<RotateKeys>();
        services.AddRecurring<KeepSigningKeys>("identity.keep-signing-keys", TimeSpan.FromHours(1));
    }

    private static void AddSessions(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ThrottleOptions>(configuration, "SignIn");
        services.AddSingleton<Throttle>();
        services.AddSingleton<SignInWithPassword.Handler>();
        services.AddSingleton<Revocations>().AddBeforeReady<Revocations>().AddHealthDetail<Revocations>().AddHostedService(provider => provider.GetRequiredService<Revocations>());
        services.AddSingleton<UserSessions>();
        services.AddSingleton<RevokedNotice>();
        services.AddSingleton<PasswordChangedNotice>();
        services.AddSingleton<TokenTransport>();
        services.AddSingleton<RefreshSession.Handler>().AddSingleton<ISessionRenewal>(provider => provider.GetRequiredService<RefreshSession.Handler>());
        services.AddSingleton<ListSessions.Handler>();
        services.AddSingleton<EndSessions.Handler>();
        services.AddRecurring<PurgeSessions>("identity.purge-sessions", TimeSpan.FromMinutes(10));
    }

    private static void AddRecovery(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ResetOptions>(configuration, "PasswordReset");
        services.AddJob<SendResetMessage>();
        services.AddSingleton<RequestPasswordReset.Handler>();
        services.AddSingleton<ResendPasswordReset.Handler>();
        services.AddSingleton<CompletePasswordReset.Handler>();
        services.AddRecurring<PurgePasswordResets>("identity.purge-password-resets", TimeSpan.FromMinutes(5));
    }
}
