using Gatehouse.Core.Configuration;
using Gatehouse.Core.Telemetry;
using Gatehouse.Identity.Telemetry;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Captcha;

/// <summary>The captchas, one of which the settings choose.</summary>
internal sealed class CaptchaArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } = [];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<CaptchaOptions>(configuration, "Captcha");
        services.AddMeter(IdentityMeter.Name).AddSingleton<CaptchaMetrics>();
        services.AddKeyedSingleton<ICaptchaProvider, NoCaptcha>(NoCaptcha.ProviderName);
        services.AddKeyedSingleton<ICaptchaProvider, Recaptcha>(Recaptcha.ProviderName);
        services.AddKeyedSingleton<ICaptchaProvider, Turnstile>(Turnstile.ProviderName);
        services.AddSingleton(provider =>
            provider.GetRequiredKeyedService<ICaptchaProvider>(provider.GetRequiredService<CaptchaOptions>().Provider)
        );
        services.AddSingleton<SiteVerify>().AddSingleton<CaptchaGuard>();
    }
}
