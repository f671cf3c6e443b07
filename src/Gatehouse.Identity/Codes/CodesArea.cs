using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Codes;

/// <summary>Codes and links that verify an address, for any purpose.</summary>
internal sealed class CodesArea : IArea
{
    public static readonly RateLimitPolicy VerifyLimit = RateLimitPolicy.Of<CodesLimits>("verify", limits => limits.Verify);

    public IReadOnlyList<Slice> Slices { get; } = [];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRateLimits<CodesLimits>(configuration);
        services.AddSingleton<NotificationEncryptor>();
    }
}

/// <summary>How often one client address may try codes and links.</summary>
internal sealed class CodesLimits
{
    /// <summary>Verification of codes and links.</summary>
    public RateLimitRule Verify { get; set; } = new() { Permits = 30, Window = TimeSpan.FromMinutes(10) };
}
