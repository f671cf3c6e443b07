using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Telemetry;
using Gatehouse.Identity.Telemetry;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Passwords;

/// <summary>Password hashing and validation of new passwords.</summary>
internal sealed class PasswordsArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } = [];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        // What hashes cost is a matter of the installation.
        services.AddUndistributedTables(new() { Local = ["identity.password_costs", "identity.foreign_password_costs"] });
        services.AddSettings<PasswordOptions>(configuration, "Passwords");
        services.AddSettings<PasswordHashingOptions>(configuration, "PasswordHashing");
        services.AddMeter(IdentityMeter.Name).AddSingleton<PasswordMetrics>();
        services.AddSingleton<HashingQueue>();
        services.AddSingleton<PasswordHasher>().AddStoredValue<PasswordHash, string>();
        services.AddSingleton<PasswordCosts>().AddStartupTask<PasswordCosts>();
        services.AddSingleton<PasswordRules>();
        services.AddSingleton<NewPasswords>();
        services.AddSingleton<NoBreachCheck>();
        services.AddSingleton<RangeService>();
        services.AddSingleton<IBreachedPasswords>(provider =>
            provider.GetRequiredService<PasswordOptions>().BreachCheck == BreachCheck.Range
                ? provider.GetRequiredService<RangeService>()
                : provider.GetRequiredService<NoBreachCheck>()
        );
    }

    // A machine without libsodium says so now, not at the first registration.
    public void CheckMachine(IServiceProvider services) => services.GetRequiredService<PasswordHasher>();
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class PasswordsErrors
{
    public static readonly Error PasswordWrong = new("identity.password-wrong", ErrorKind.Refused);

    /// <summary>More passwords are being hashed than the machine can take.</summary>
    public static readonly Error Overloaded = new("identity.overloaded", ErrorKind.Unavailable);
}
