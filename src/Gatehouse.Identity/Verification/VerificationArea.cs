using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Redis;
using Gatehouse.Core.Results;
using Gatehouse.Core.Telemetry;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Telemetry;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Verification;

/// <summary>Codes and links that verify an address, for any purpose.</summary>
internal sealed class VerificationArea : IArea
{
    private const string Section = "Verification";

    public static readonly RateLimitPolicy VerifyLimit = RateLimitPolicy.Of<VerificationLimits>("verify", limits => limits.Verify);

    public IReadOnlyList<Slice> Slices { get; } = [Slice.Routes<CodePages>(CodePages.Map), Slice.Routes<LinkPages>(LinkPages.Map)];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRateLimits<VerificationLimits>(configuration);
        services.AddMeter(IdentityMeter.Name).AddSingleton<VerificationMetrics>();
        services.AddSingleton<NotificationEncryptor>().AddSingleton<AccountNotice>();
        services.AddSettings<VerificationOptions>(configuration, Section);
        services
            .AddOptions<VerificationOptions>()
            .PostConfigure<RedisConnection>((options, redis) => options.HasRedis = redis.IsConfigured);
        if (SettingsCatalog.Read<VerificationOptions>(configuration, Section).Store == VerificationOptions.Redis)
            services.AddSingleton<RedisVerificationEntries>().AddSingleton<IVerificationStore, RedisVerificationStore>();
        else
            services.AddSingleton<IVerificationStore, PostgresVerificationStore>();
        services.AddSingleton<VerificationStores>().AddSingleton<Verifications>();
        services.AddStoredValue<Hash<OneTimeCode>, byte[]>();
        services.AddStoredValue<Hash<LinkToken>, byte[]>();
        services.AddRecurring<PurgeVerifications>("identity.purge-verifications", TimeSpan.FromMinutes(5));
    }
}

internal static class VerificationExtensions
{
    /// <summary>Registers a purpose and its pages: by their own types for the slices that use them, and among all of them.</summary>
    public static IServiceCollection AddVerification<TPurpose, TPages>(this IServiceCollection services)
        where TPurpose : VerificationPurpose
        where TPages : VerificationPages =>
        services
            .AddVerification<TPurpose>()
            .AddSingleton<TPages>()
            .AddSingleton<VerificationPages>(provider => provider.GetRequiredService<TPages>());

    /// <summary>The same for a purpose without pages.</summary>
    public static IServiceCollection AddVerification<TPurpose>(this IServiceCollection services)
        where TPurpose : VerificationPurpose =>
        services.AddSingleton<TPurpose>().AddSingleton<VerificationPurpose>(provider => provider.GetRequiredService<TPurpose>());
}

/// <summary>How often one client address may try codes and links.</summary>
internal sealed class VerificationLimits
{
    /// <summary>Verification of codes and links.</summary>
    public RateLimitRule Verify { get; set; } = new() { Permits = 30, Window = TimeSpan.FromMinutes(10) };
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class VerificationErrors
{
    public static readonly Error CodeWrong = new("identity.code-wrong", ErrorKind.Refused);

    public static readonly Error CodeExpired = new("identity.code-expired", ErrorKind.Gone);

    public static readonly Error TooManyAttempts = new("identity.too-many-attempts", ErrorKind.Refused);

    public static readonly Error LinkInvalid = new("identity.link-invalid", ErrorKind.NotFound);

    public static readonly Error ResendTooSoon = new("identity.resend-too-soon", ErrorKind.TooManyRequests);

    /// <summary>No such verification of the actor, or its time is over. Said of foreign and made-up ids alike.</summary>
    public static readonly Error NotFound = new("identity.verification-not-found", ErrorKind.NotFound);

    /// <summary>It has done its work.</summary>
    public static readonly Error Completed = new("identity.verification-completed", ErrorKind.Conflict);

    /// <summary>The address or number was sent as many codes as it may be in a day. Said where its owner is not to be protected from the
    /// knowledge: to administrators.</summary>
    public static readonly Error DailyLimitReached = new("identity.daily-limit-reached", ErrorKind.TooManyRequests);

    public static readonly Error ResendLimitReached = new("identity.resend-limit-reached", ErrorKind.Conflict);
}
