using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Telemetry;
using Gatehouse.Encryption;
using Gatehouse.Identity.Telemetry;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Authenticators;

/// <summary>Asking authenticators (Web Authentication) and checking what they answer, for every slice that needs it.</summary>
internal sealed class AuthenticatorsArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } = [];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddMeter(IdentityMeter.Name).AddSingleton<PasskeyMetrics>();
        services.AddStoredValue<EncryptedValue<PasskeyName>, byte[]>();
        services.AddStoredValue<Hash<PasskeyBrowser>, byte[]>();
        services.AddSingleton<RelyingParties>().AddSingleton<WebAuthn>().AddSingleton<PasskeyCeremonies>();
        services.AddSingleton<PasskeyAssertion>();
        services.AddRecurring<PurgeCeremonies>("identity.purge-passkey-ceremonies", TimeSpan.FromMinutes(10));
    }
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class AuthenticatorsErrors
{
    /// <summary>Whatever is wrong with a passkey that was to prove its user, or with the user.</summary>
    public static readonly Error PasskeyRejected = new("identity.passkey-rejected", ErrorKind.Unauthenticated);
}
