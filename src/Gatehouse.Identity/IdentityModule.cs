using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Runtime.Http;
using Gatehouse.Runtime.Jobs;
using Gatehouse.Runtime.Modules;
using Gatehouse.Runtime.Settings;
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

        services.AddRecurring<PurgeRegistrations>("identity.purge-registrations", TimeSpan.FromMinutes(5));
        services.AddRecurring<SettlePersonKeys>("identity.settle-person-keys", TimeSpan.FromMinutes(10));
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        // A machine without libsodium says so now, not at the first registration.
        routes.ServiceProvider.GetRequiredService<PasswordHasher>();

        var v1 = routes.MapV1("Registration");
        RegisterUser.Map(v1);
        ConfirmByCode.Map(v1);
        ConfirmByLink.Map(v1);
        ResendCode.Map(v1);
        CheckUsername.Map(v1);
        ConfirmByLinkPage.Map(routes);
    }
}
